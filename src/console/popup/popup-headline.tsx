/** The line that is read from two metres: how severe, where, what, when. */
import type { AlarmView } from '../../contract/console-api.ts';
import { alarmText } from '../i18n/event-text.ts';
import { useTexts } from '../i18n/language.tsx';
import { clockText } from '../i18n/time-text.ts';
import { useNowMs } from '../shell/clock.tsx';

export function PopupHeadline({ alarm }: Readonly<{ alarm: AlarmView }>) {
  const texts = useTexts();
  const agoSeconds = Math.max(0, Math.round((useNowMs() - alarm.event.capturedAtMs) / 1000));
  return (
    <header className="popup-headline">
      <span className="popup-severity">{texts.severity[alarm.severity]}</span>
      <h1>{alarm.cameraName}</h1>
      <span className="popup-what">{alarmText(alarm, texts)}</span>
      <span className="popup-when">
        {clockText(alarm.event.capturedAtMs)}
        <small>{texts.alarms.ago(agoSeconds)}</small>
      </span>
    </header>
  );
}
