/** What became of the announcement, coloured by whether the street heard it; "sent" never claims that it was heard. */

import type { AnnouncementState, AnnouncementView } from '../../contract/console-api.ts';
import { useTexts } from '../i18n/language.tsx';
import { reasonText } from '../i18n/reason-text.ts';

const tones: Readonly<Record<AnnouncementState, 'going' | 'done' | 'failed'>> = {
  queued: 'going',
  speaking: 'going',
  sent: 'done',
  answered: 'done',
  played: 'done',
  busy: 'failed',
  refused: 'failed',
  unreachable: 'failed',
  expired: 'failed',
  withheld: 'done',
  failed: 'failed',
};

export function AnnouncementNote({
  announcement,
  withWording = false,
}: Readonly<{ announcement: AnnouncementView; withWording?: boolean }>) {
  const texts = useTexts();
  const why = reasonText(announcement.reason, texts);
  return (
    <span className={`announcement announcement-${tones[announcement.state]}`}>
      {texts.announcement[announcement.state]}
      {withWording ? <em>“{announcement.wording}”</em> : null}
      {withWording && why !== undefined ? ` · ${why}` : null}
    </span>
  );
}
