/** After the announcement: whether the person that it was for went away. */

import type { AlarmView } from '../../contract/console-api.ts';
import { warningText } from '../i18n/event-text.ts';
import { useTexts } from '../i18n/language.tsx';
import { reasonText } from '../i18n/reason-text.ts';

const tones = { left: 'done', 'still-there': 'failed', unknown: 'going' } as const;

export function WarningNote({ warning }: Readonly<{ warning: AlarmView['warning'] }>) {
  const texts = useTexts();
  if (warning === undefined) return null;
  return (
    <span
      className={`announcement announcement-${tones[warning.outcome]}`}
      data-testid="warning-note"
      data-outcome={warning.outcome}
      title={reasonText(warning.reason, texts)}
    >
      {warningText(warning, texts)}
    </span>
  );
}
