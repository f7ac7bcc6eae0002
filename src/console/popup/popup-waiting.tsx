/** Below the picture: how many more alarms wait, most urgent first; a click brings one forward. */
import { snapshotAddress } from '../api/routes.ts';
import { alarmText } from '../i18n/event-text.ts';
import { useTexts } from '../i18n/language.tsx';
import { clockText } from '../i18n/time-text.ts';
import { usePopups } from './popup-context.tsx';
import type { PopupItem } from './popup-queue.ts';
import './popup-waiting.css';

const mostShown = 5;

export function PopupWaiting({ items }: Readonly<{ items: readonly PopupItem[] }>) {
  const texts = useTexts();
  if (items.length === 0) return null;
  return (
    <footer className="popup-waiting" data-testid="popup-waiting" data-count={items.length}>
      <strong>
        {texts.popup.waiting(items.length)}
        <kbd>{texts.popup.keys.next}</kbd>
      </strong>
      {items.slice(0, mostShown).map((item) => (
        <WaitingAlarm key={item.alarm.alarmId} item={item} />
      ))}
    </footer>
  );
}

/** One that waits; a click brings it forward. */
export function WaitingAlarm({ item: { alarm } }: Readonly<{ item: PopupItem }>) {
  const texts = useTexts();
  const { dispatch } = usePopups();
  return (
    <button
      type="button"
      tabIndex={-1}
      className={`waiting-alarm severity-edge-${alarm.severity}`}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => dispatch({ kind: 'opened', alarm })}
    >
      {alarm.hasSnapshot ? <img src={snapshotAddress(alarm.event.eventId)} alt="" /> : null}
      <span>
        <strong className="waiting-what">
          <span>{alarm.cameraName}</span> <time>{clockText(alarm.event.capturedAtMs)}</time>
        </strong>
        <small title={alarmText(alarm, texts)}>{alarmText(alarm, texts)}</small>
      </span>
    </button>
  );
}
