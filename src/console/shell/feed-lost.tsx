/** A lost feed must not be overlooked: nothing would pop up, and a quiet screen would look like a quiet night. */
import { useTexts } from '../i18n/language.tsx';
import { useNowMs } from './clock.tsx';
import type { DutyFeed } from './use-duty-feed.ts';

export function FeedLost({ feed }: Readonly<{ feed: DutyFeed }>) {
  const texts = useTexts();
  const nowMs = useNowMs();
  if (feed.state !== 'lost') return null;
  const seconds = Math.max(0, Math.round((nowMs - (feed.lostSinceMs ?? nowMs)) / 1000));
  return (
    <div className="feed-lost" role="alert" data-testid="feed-lost">
      {texts.feed.lost}
      <span>{texts.feed.lostSince(seconds)}</span>
    </div>
  );
}
