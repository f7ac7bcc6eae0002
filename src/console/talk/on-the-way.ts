/**
 * What has been said and has not come to the lane yet. A line that carries less than is said would keep more and more of it,
 * and the lane would hear everything later and later: from a limit on it is left out instead, until the line has room again.
 */
import { passedOnEvery } from '../../contract/talk.ts';

export type OnTheWay = Readonly<{
  /** Then what is said now is left out. */
  isFull: () => boolean;
  sent: (number: number, nowMs: number) => void;
  /** The centre has passed it on, and what went before it; answers with how long that took, there and back. */
  passedOn: (number: number, nowMs: number) => number | undefined;
}>;

/** 20 ms each: what goes between two words of the centre, and a round trip of 300 ms. */
const mostOnTheWay = passedOnEvery + 15;

export function createOnTheWay(): OnTheWay {
  const sentAtMs = new Map<number, number>();
  return {
    isFull: () => sentAtMs.size >= mostOnTheWay,
    sent: (number, nowMs) => {
      sentAtMs.set(number, nowMs);
    },
    passedOn: (number, nowMs) => {
      const atMs = sentAtMs.get(number);
      if (atMs === undefined) return undefined;
      // In the order in which they went, also where the numbers begin anew.
      for (const one of [...sentAtMs.keys()]) {
        sentAtMs.delete(one);
        if (one === number) break;
      }
      return nowMs - atMs;
    },
  };
}
