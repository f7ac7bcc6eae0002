/** Which found object is which true object in one frame, by overlap (IoU) of at least a half, at most one to one. */
import { bestPairs } from './best-pairs.ts';
import type { ComparedFrame } from './sequence.ts';

const leastOverlap = 0.5;
/** Overlaps are quotients: one half may come out a little less. */
const rounding = 1e-9;
/** More than any sum of overlaps in a frame, so that a standing pair always wins. */
const keepsPair = 1000;

/** Found ids by true ids. A pair of `standing` that still overlaps enough goes before every other. */
export function matchedPairs(
  frame: ComparedFrame,
  standing: ReadonlyMap<number, number> = new Map(),
): ReadonlyMap<number, number> {
  const scores = frame.overlap.map((row, t) =>
    row.map((overlap, f) => {
      if (!isEnough(overlap)) return 0;
      return overlap + (standing.get(frame.trueIds[t] ?? 0) === frame.foundIds[f] ? keepsPair : 0);
    }),
  );
  return new Map(
    bestPairs(scores).map(([t, f]) => [frame.trueIds[t] ?? 0, frame.foundIds[f] ?? 0]),
  );
}

export function isEnough(overlap: number): boolean {
  return overlap >= leastOverlap - rounding;
}
