/**
 * CLEAR MOT: Bernardin and Stiefelhagen, EURASIP JIVP 2008 (https://doi.org/10.1155/2008/246309), with the overlap of
 * at least 0.5 and the counting of switches of the MOT Challenge (https://arxiv.org/abs/1603.00831, section 4.1).
 * A pair that was matched in the frame before stays matched while it overlaps enough; the rest is matched
 * for the greatest overlap. MOTA = 1 - (misses + false positives + switches) / true objects. A switch is a true
 * object matched to another found id than when it was last matched, however long ago.
 */
import { matchedPairs } from './matched-pairs.ts';
import type { Sequence } from './sequence.ts';

export type Switch = Readonly<{ frame: number; trueId: number; before: number; after: number }>;

export type ClearScore = Readonly<{
  mota: number;
  switches: number;
  falsePositives: number;
  misses: number;
  matches: number;
  /** Each switch, for looking at: the true id and the found ids before and after. */
  switchList: readonly Switch[];
}>;

export function clearMotOf(sequence: Sequence): ClearScore {
  const lastMatch = new Map<number, number>();
  let previous: ReadonlyMap<number, number> = new Map();
  const switchList: Switch[] = [];
  let [falsePositives, misses, matches] = [0, 0, 0];
  for (const frame of sequence) {
    const current = matchedPairs(frame, previous);
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
