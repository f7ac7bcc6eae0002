/**
 * The packets of live speech between their irregular coming and their even leaving. Two are gathered first;
 * when none is there silence takes the turn, and when too many wait the oldest are dropped: speech that is late is worse
 * than speech with a hole.
 */

export type LivePackets = Readonly<{
  add: (payload: Uint8Array) => void;
  finish: () => void;
  /** The next to leave: undefined when the first ones are still awaited, `end` when all have left. */
  next: () => Uint8Array | 'end' | undefined;
}>;

const gatheredFirst = 2;
/** 20 ms each. */
const mostWaiting = 10;
const keptOfTooMany = 3;

export function createLivePackets(silence: Uint8Array): LivePackets {
  let waiting: readonly Uint8Array[] = [];
  let begun = false;
  let finished = false;
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
      return first ?? (finished ? 'end' : silence);
    },
  };
}
