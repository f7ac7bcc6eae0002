/** Beside an alarm whose times may be wrong: that they may, and by how much as far as it is known. */
import type { RuleEvent } from '../../contract/rule-event.ts';
import { clockSuspectText } from '../i18n/event-text.ts';
import { useTexts } from '../i18n/language.tsx';

export function ClockNote({ event }: Readonly<{ event: RuleEvent }>) {
  const texts = useTexts();
  if (event.clockSuspect === undefined) return null;
  return (
    <span
      className="late-mark"
      data-testid="clock-note"
      title={clockSuspectText(event.clockSuspect, texts)}
    >
      {texts.centre.clock.suspect}
    </span>
  );
}
