/**
 * One speaker's queue: one announcement at a time, the most severe first, equal ones in the order of their coming.
 * A more severe one cuts short what is being said.
 */
import type { Severity } from '../../contract/rule.ts';
import type { AnnouncementOrder } from '../alarms/alarm.ts';

/** Why a delivery was told to end. */
export type Interruption = 'pre-empted' | 'stopped';

/** `not-started` gives an interrupted order back: it was not claimed yet, so it keeps its place. */
export type Delivered = 'done' | 'not-started';

export type Deliver = (order: AnnouncementOrder, signal: AbortSignal) => Promise<Delivered>;

export type AnnouncementQueue = Readonly<{
  add: (order: AnnouncementOrder) => void;
  /** Cuts short what is being said and forgets what waits. */
  stop: () => Promise<void>;
}>;

const rank: Readonly<Record<Severity, number>> = { information: 0, warning: 1, emergency: 2 };

/** `deliver` must not reject: whatever goes wrong with an order is its outcome. */
export function createAnnouncementQueue(deliver: Deliver): AnnouncementQueue {
  let waiting: readonly AnnouncementOrder[] = [];
  let current: Readonly<{ order: AnnouncementOrder; abort: AbortController }> | undefined;
  let running: Promise<void> | undefined;
  let stopped = false;

  const run = async (): Promise<void> => {
    for (let order = waiting[0]; order !== undefined && !stopped; order = waiting[0]) {
      waiting = waiting.slice(1);
      const abort = new AbortController();
      current = { order, abort };
      const delivered = await deliver(order, abort.signal);
      current = undefined;
      if (delivered === 'not-started') waiting = placed(waiting, order);
    }
    running = undefined;
  };

  return {
    add: (order) => {
      if (stopped) return;
      waiting = placed(waiting, order);
      if (current !== undefined && rank[order.severity] > rank[current.order.severity]) {
        current.abort.abort('pre-empted' satisfies Interruption);
      }
      running ??= run();
    },
    stop: async () => {
      stopped = true;
      waiting = [];
      current?.abort.abort('stopped' satisfies Interruption);
      await running;
    },
  };
}

function placed(
  waiting: readonly AnnouncementOrder[],
  order: AnnouncementOrder,
): readonly AnnouncementOrder[] {
  return [...waiting, order].sort(
    (a, b) => rank[b.severity] - rank[a.severity] || a.orderedAtMs - b.orderedAtMs,
  );
}
