/**
 * CLEAR MOT: Bernardin and Stiefelhagen, EURASIP JIVP 2008 (https://doi.org/10.1155/2008/246309), with the overlap of
 * at least 0.5 and the counting of switches of the MOT Challenge (https://arxiv.org/abs/1603.00831, section 4.1).
 * A pair that was matched in the frame before stays matched while it overlaps enough; the rest is matched
 * for the greatest overlap. MOTA = 1 - (misses + false positives + switches) / true objects. A switch is a true
 * object matched to another found id than when it was last matched, however long ago.
 */
import { matchedPairs } from './matched-pairs.ts';
import type { Sequence } from './sequence.ts';

type Switch = Readonly<{ frame: number; trueId: number; before: number; after: number }>;

export type ClearScore = Readonly<{
  mota: number;
  switches: number;
  falsePositives: number;
  misses: number;
  matches: number;
  /** Each switch, for looking at: the true id and the found ids before and after. */
  switchList: readonly Switch[];
  /** True objects without a box, and boxes (by their found id) of nothing. */
  missList: readonly Sole[];
  falseList: readonly Sole[];
}>;

type Sole = Readonly<{ frame: number; id: number }>;

export function clearMotOf(sequence: Sequence): ClearScore {
  const lastMatch = new Map<number, number>();
  let previous: ReadonlyMap<number, number> = new Map();
  const switchList: Switch[] = [];
  const missList: Sole[] = [];
  const falseList: Sole[] = [];
  let matches = 0;
  for (const frame of sequence) {
    const current = matchedPairs(frame, previous);
    for (const [trueId, after] of current) {
      const before = lastMatch.get(trueId);
      if (before !== undefined && before !== after) {
        switchList.push({ frame: frame.frame, trueId, before, after });
      }
      lastMatch.set(trueId, after);
    }
    const found = new Set(current.values());
    const soles = (ids: readonly number[]) => ids.map((id) => ({ frame: frame.frame, id }));
    missList.push(...soles(frame.trueIds.filter((id) => !current.has(id))));
    falseList.push(...soles(frame.foundIds.filter((id) => !found.has(id))));
    matches += current.size;
    previous = current;
  }
  const [falsePositives, misses, switches] = [falseList, missList, switchList].map(
    (list) => list.length,
  ) as [number, number, number];
  const objects = matches + misses;
  const mota = objects === 0 ? 0 : 1 - (misses + falsePositives + switches) / objects;
  const lists = { switchList, missList, falseList };
  return { mota, switches, falsePositives, misses, matches, ...lists };
}
