/**
 * Follows a feed that several collectors write: at each signal what is new is read from the table and handed on, each
 * message once and in order. Transactions take turns, so a number that is not there yet never comes before one that is.
 */
import type { FeedSignal } from './postgres-database.ts';
import type { Store, StoredFeedMessage } from './store.ts';

type Parts = Readonly<{
  signal: FeedSignal;
  /** The newest message that is not news any more. */
  after: number;
  feedSince: Store['feedSince'];
  hand: (stored: readonly StoredFeedMessage[]) => void;
}>;

export type FeedTail = Readonly<{
  /** Resolves when everything that was committed before the call has been handed on, or cannot be read for now. */
  caughtUp: () => Promise<void>;
  stop: () => Promise<void>;
}>;

const page = 500;

/** Follows at once. */
export function createFeedTail({ signal, after, feedSince, hand }: Parts): FeedTail {
  let handedOn = after;
  let reading: Promise<void> = Promise.resolve();
  let isQueued = false;

  const read = async (): Promise<void> => {
    isQueued = false;
    for (;;) {
      const stored = await feedSince(handedOn, page);
      hand(stored);
      handedOn = stored.at(-1)?.feedId ?? handedOn;
      if (stored.length < page) return;
    }
  };
  const caughtUp = (): Promise<void> => {
    if (!isQueued) {
      isQueued = true;
      // The database is away: the next signal or the clock reads again from the same place.
      reading = reading.then(read).catch(() => undefined);
    }
    return reading;
  };

  const stopListening = signal.listen(() => void caughtUp());
  return {
    caughtUp,
    stop: async () => {
      await stopListening();
      await reading;
    },
  };
}
