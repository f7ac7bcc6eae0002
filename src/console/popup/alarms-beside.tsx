/**
 * What calls while the operator must not be interrupted, in a corner of the page: a click opens it. It takes neither the
 * focus nor a key.
 */
import { useTexts } from '../i18n/language.tsx';
import { usePopups } from './popup-context.tsx';
import { besideItems } from './popup-queue.ts';
import { WaitingAlarm } from './popup-waiting.tsx';
import './alarms-beside.css';

const mostShown = 3;

export function AlarmsBeside() {
  const { popup } = useTexts();
  const items = besideItems(usePopups().queue);
  if (items.length === 0) return null;
  return (
    <aside
      className="alarms-beside"
      role="status"
      data-testid="alarms-beside"
      data-count={items.length}
    >
      <strong>{popup.beside(items.length)}</strong>
      {items.slice(0, mostShown).map((item) => (
        <WaitingAlarm key={item.alarm.alarmId} item={item} />
      ))}
    </aside>
  );
}
