/**
 * Announcements that a crash cut off: claimed, so that nobody says them again, and never finished. The operator is told as
 * soon as they could not be still going on, here or in another collector of the same centre.
 */

import type { Logger } from 'pino';
import { because } from '../../contract/reason.ts';
import type { Store } from '../store/store.ts';

type AbandonedWatch = Readonly<{ start: () => Promise<void>; stop: () => void }>;

const abandonedReason = because('said-unknown');
const lookEveryMs = 60_000;
/** Beyond the longest sound: calling, hanging up, and a driver that is told to end. */
const allowanceMs = 60_000;

export function createAbandonedWatch({
  store,
  mostSeconds,
  isAlone,
  logger,
  now,
}: Readonly<{
  store: Pick<Store, 'finishAbandoned'>;
  mostSeconds: number;
  /** No other collector speaks for this centre: then whatever is unfinished at the start was cut off. */
  isAlone: boolean;
  logger: Logger;
  now: () => number;
}>): AbandonedWatch {
  let timer: NodeJS.Timeout | undefined;
  const look = async (longestMs = mostSeconds * 1000 + allowanceMs): Promise<void> => {
    try {
      const claimedBeforeMs = now() - longestMs;
      await store.finishAbandoned(claimedBeforeMs, abandonedReason, now());
    } catch (error) {
      logger.error({ reason: String(error) }, 'abandoned announcements could not be looked for');
    }
  };
  return {
    start: async () => {
      // A claim of this very moment is one of before the start too.
      await look(isAlone ? -1 : undefined);
      timer ??= setInterval(() => void look(), lookEveryMs);
    },
    stop: () => clearInterval(timer),
  };
}
