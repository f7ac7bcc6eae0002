/**
 * The packets of live speech between their irregular coming and their even leaving. Two are gathered first;
 * when none is there silence takes the turn, and when too many wait the oldest are dropped: speech that is late is worse
 * than speech with a hole. After a stall more come than leave for a moment; those that then wait all the time would make
 * everything after them late for good, so they are let go too.
 */

export type LivePackets = Readonly<{
  add: (payload: Uint8Array) => void;
  finish: () => void;
  /** The next to leave: undefined when the first ones are still awaited, `end` when all have left. */
  next: () => Uint8Array | 'end' | undefined;
}>;

const gatheredFirst = 2;
/** 20 ms each. */
const mostWaiting = 8;
const keptOfTooMany = 3;
/** What never was needed for so many packets is let go, but for this spare. */
const watchedPackets = 16;
const spare = gatheredFirst - 1;

export function createLivePackets(silence: Uint8Array): LivePackets {
  let waiting: readonly Uint8Array[] = [];
  let begun = false;
  let finished = false;
  let watched = 0;
  let leastWaiting = Number.POSITIVE_INFINITY;

  const letGoOfWhatOnlyWaits = (): void => {
    leastWaiting = Math.min(leastWaiting, waiting.length);
    watched += 1;
    if (watched < watchedPackets) return;
    if (leastWaiting > spare) waiting = waiting.slice(leastWaiting - spare);
    watched = 0;
    leastWaiting = Number.POSITIVE_INFINITY;
  };

  return {
    add: (payload) => {
      waiting = [...waiting, payload];
      if (waiting.length > mostWaiting) waiting = waiting.slice(-keptOfTooMany);
    },
    finish: () => {
      finished = true;
    },
    next: () => {
      if (!begun && waiting.length < gatheredFirst && !finished) return undefined;
      begun = true;
      const [first, ...rest] = waiting;
      waiting = rest;
      if (!finished) letGoOfWhatOnlyWaits();
      return first ?? (finished ? 'end' : silence);
    },
  };
}
