/**
 * HOTA, higher order tracking accuracy: Luiten et al., IJCV 2020 (https://arxiv.org/abs/2009.07736).
 * For each overlap threshold alpha: DetA = TP / (TP + FN + FP); for a match c of true id g and found id f
 * A(c) = TPA / (TPA + FNA + FPA); AssA = mean of A(c) over all TP; HOTA = sqrt(DetA * AssA).
 * All three are averaged over alpha = 0.05 .. 0.95. Frames are matched by overlap times the pair's
 * association over the whole clip, as in the paper's section 5.4.
 */
import { bestPairs } from './best-pairs.ts';
import { createPairCounts, type PairCounts } from './pair-counts.ts';
import { type ComparedFrame, countIds, type Sequence } from './sequence.ts';

export type HotaScore = Readonly<{ hota: number; detA: number; assA: number }>;

type IdCounts = ReadonlyMap<number, number>;
type Match = Readonly<{ trueId: number; foundId: number; overlap: number }>;

const alphas = Array.from({ length: 19 }, (_, index) => 0.05 * (index + 1));
const rounding = 1e-9;

export function hotaOf(sequence: Sequence): HotaScore {
  const trueCounts = countIds(sequence.map((frame) => frame.trueIds));
  const foundCounts = countIds(sequence.map((frame) => frame.foundIds));
  const alignment = alignIds(sequence);
  const matches = sequence.flatMap((frame) =>
    matchFrame(frame, alignment, trueCounts, foundCounts),
  );
  const scores = alphas.map((alpha) => scoreAt(alpha, matches, trueCounts, foundCounts));
  return {
    hota: mean(scores.map((score) => score.hota)),
    detA: mean(scores.map((score) => score.detA)),
    assA: mean(scores.map((score) => score.assA)),
  };
}

function scoreAt(
  alpha: number,
  candidates: readonly Match[],
  trueCounts: IdCounts,
  foundCounts: IdCounts,
): HotaScore {
  const matches = candidates.filter((match) => match.overlap >= alpha - rounding);
  const objects = sum(trueCounts) + sum(foundCounts) - matches.length;
  const together = createPairCounts();
  for (const { trueId, foundId } of matches) together.add(trueId, foundId, 1);
  const association = together.entries().reduce((total, { trueId, foundId, sum: count }) => {
    const union = (trueCounts.get(trueId) ?? 0) + (foundCounts.get(foundId) ?? 0) - count;
    return total + (count * count) / union;
  }, 0);
  const detA = objects === 0 ? 0 : matches.length / objects;
  const assA = matches.length === 0 ? 0 : association / matches.length;
  return { detA, assA, hota: Math.sqrt(detA * assA) };
}

/** How much each pair of ids goes together over the whole clip, whatever is matched in a single frame. */
function alignIds(sequence: Sequence): PairCounts {
  const together = createPairCounts();
  for (const frame of sequence) {
    const found = frame.foundIds.map((_, f) => total(frame.overlap.map((row) => row[f] ?? 0)));
    for (const [t, row] of frame.overlap.entries()) {
      for (const [f, overlap] of row.entries()) {
        const others = total(row) + (found[f] ?? 0) - overlap;
        if (overlap > 0) {
          together.add(frame.trueIds[t] ?? 0, frame.foundIds[f] ?? 0, overlap / others);
        }
      }
    }
  }
  return together;
}

function matchFrame(
  frame: ComparedFrame,
  alignment: PairCounts,
  trueCounts: IdCounts,
  foundCounts: IdCounts,
): readonly Match[] {
  const idsAt = (t: number, f: number): [number, number] => [
    frame.trueIds[t] ?? 0,
    frame.foundIds[f] ?? 0,
  ];
  const scores = frame.overlap.map((row, t) =>
    row.map((overlap, f) => {
      const [trueId, foundId] = idsAt(t, f);
      const shared = alignment.of(trueId, foundId);
      const either = (trueCounts.get(trueId) ?? 0) + (foundCounts.get(foundId) ?? 0) - shared;
      return overlap * (shared / either);
    }),
  );
  return bestPairs(scores).map(([t, f]) => {
    const [trueId, foundId] = idsAt(t, f);
    return { trueId, foundId, overlap: frame.overlap[t]?.[f] ?? 0 };
  });
}

function sum(counts: IdCounts): number {
  return total([...counts.values()]);
}

function total(values: readonly number[]): number {
  return values.reduce((so, value) => so + value, 0);
}

function mean(values: readonly number[]): number {
  return total(values) / values.length;
}
