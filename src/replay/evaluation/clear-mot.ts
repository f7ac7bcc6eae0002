/**
 * CLEAR MOT: Bernardin and Stiefelhagen, EURASIP JIVP 2008 (https://doi.org/10.1155/2008/246309).
 * A pair that was matched in the frame before stays matched while its overlap is at least 0.5; the rest is matched
 * for the greatest overlap. MOTA = 1 - (misses + false positives + switches) / true objects. A switch is a true
 * object matched to another found id than when it was last matched.
 */
import { bestPairs } from './best-pairs.ts';
import type { ComparedFrame, Sequence } from './sequence.ts';

export type ClearScore = Readonly<{
  mota: number;
  switches: number;
  falsePositives: number;
  misses: number;
  matches: number;
  /** Each switch, for looking at: the true id and the found ids before and after. */
  switchList: readonly Readonly<{ frame: number; trueId: number; before: number; after: number }>[];
}>;

const leastOverlap = 0.5;
/** More than any sum of overlaps in a frame, so that a standing pair always wins. */
const keepsPair = 1000;

export function clearMotOf(sequence: Sequence): ClearScore {
  const lastMatch = new Map<number, number>();
  let previous = new Map<number, number>();
  const switchList: { frame: number; trueId: number; before: number; after: number }[] = [];
  let [falsePositives, misses, matches] = [0, 0, 0];
  for (const frame of sequence) {
    const current = matchFrame(frame, previous);
    for (const [trueId, after] of current) {
      const before = lastMatch.get(trueId);
      if (before !== undefined && before !== after) {
        switchList.push({ frame: frame.frame, trueId, before, after });
      }
      lastMatch.set(trueId, after);
    }
    matches += current.size;
    misses += frame.trueIds.length - current.size;
    falsePositives += frame.foundIds.length - current.size;
    previous = current;
  }
  const objects = matches + misses;
  const switches = switchList.length;
  const mota = objects === 0 ? 0 : 1 - (misses + falsePositives + switches) / objects;
  return { mota, switches, falsePositives, misses, matches, switchList };
}

function matchFrame(
  frame: ComparedFrame,
  previous: ReadonlyMap<number, number>,
): Map<number, number> {
  const scores = frame.overlap.map((row, t) =>
    row.map((overlap, f) => {
      if (overlap < leastOverlap) return 0;
      return overlap + (previous.get(frame.trueIds[t] ?? 0) === frame.foundIds[f] ? keepsPair : 0);
    }),
  );
  return new Map(
    bestPairs(scores).map(([t, f]) => [frame.trueIds[t] ?? 0, frame.foundIds[f] ?? 0]),
  );
}
