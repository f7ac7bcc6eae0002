/**
 * Takes over what was to be said and was not: a collector was stopped between filing the event and claiming the announcement,
 * did not hear that the event was filed, or the database was away when it claimed. Whoever claims it first says it; what has
 * expired is stored as such by the same way.
 */
import type { Logger } from 'pino';
import type { AnnouncementOrder } from './alarms/alarm.ts';
import type { Store } from './store/store.ts';

type Parts = Readonly<{
  store: Pick<Store, 'queuedAnnouncements'>;
  /** Does nothing with what waits for its speaker already. */
  announce: (order: AnnouncementOrder) => void;
  logger: Logger;
  now: () => number;
}>;

const lookEveryMs = 2000;
/** By then the collector that filed the event has claimed it, or its speaker is busy: then both wait, and one claims. */
const patienceMs = 3000;

export function createAnnouncementTakeover({ store, announce, logger, now }: Parts) {
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();

  const look = async (): Promise<void> => {
    try {
      const queued = await store.queuedAnnouncements();
      const waiting = queued.filter(({ orderedAtMs }) => now() - orderedAtMs > patienceMs);
      for (const order of waiting) announce(order);
    } catch (error) {
      logger.error({ reason: String(error) }, 'queued announcements could not be read');
    }
  };

  return {
    start: (): void => {
      timer = setInterval(() => {
        looking = looking.then(look);
      }, lookEveryMs);
    },
    stop: async (): Promise<void> => {
      clearInterval(timer);
      await looking;
    },
  };
}
