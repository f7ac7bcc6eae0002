/** Hands things to a consumer one at a time; while it is busy only the newest waits, and older ones are let go. */

export type LatestSlot<Thing> = Readonly<{
  put: (thing: Thing) => void;
  /** Forgets what waits. */
  clear: () => void;
}>;

/** A consumer that rejects is a bug and ends the thread. */
export function createLatestSlot<Thing>(
  consume: (thing: Thing) => void | Promise<void>,
  onLetGo: (thing: Thing) => void = () => undefined,
): LatestSlot<Thing> {
  let busy = false;
  let waiting: Readonly<{ thing: Thing }> | undefined;

  const run = async (first: Thing): Promise<void> => {
    busy = true;
    let next: Readonly<{ thing: Thing }> | undefined = { thing: first };
    while (next !== undefined) {
      await consume(next.thing);
      next = waiting;
      waiting = undefined;
    }
    busy = false;
  };

  return {
    put: (thing) => {
      if (!busy) {
        void run(thing);
        return;
      }
      if (waiting !== undefined) onLetGo(waiting.thing);
      waiting = { thing };
    },
    clear: () => {
      waiting = undefined;
    },
  };
}
