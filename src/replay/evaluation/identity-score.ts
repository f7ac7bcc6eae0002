/**
 * Identity scores: Ristani et al., ECCV Workshops 2016 (https://arxiv.org/abs/1609.01775).
 * Each true id is paired with at most one found id over the whole clip so that most frames agree (overlap >= 0.5);
 * IDTP are those frames. This is the pairing with the fewest false boxes and misses, as every frame that agrees saves one
 * of each. IDF1 = 2 IDTP / (true boxes + found boxes).
 */
import { bestPairs } from './best-pairs.ts';
import { isEnough } from './matched-pairs.ts';
import { createPairCounts } from './pair-counts.ts';
import type { Sequence } from './sequence.ts';

export type IdentityScore = Readonly<{ idF1: number; idPrecision: number; idRecall: number }>;

export function identityScoreOf(sequence: Sequence): IdentityScore {
  const agreeing = createPairCounts();
  for (const frame of sequence) {
    for (const [t, row] of frame.overlap.entries()) {
      for (const [f, overlap] of row.entries()) {
        if (isEnough(overlap)) agreeing.add(frame.trueIds[t] ?? 0, frame.foundIds[f] ?? 0, 1);
      }
    }
  }
  const trueIds = [...new Set(sequence.flatMap((frame) => frame.trueIds))];
  const foundIds = [...new Set(sequence.flatMap((frame) => frame.foundIds))];
  const frames = trueIds.map((trueId) => foundIds.map((foundId) => agreeing.of(trueId, foundId)));
  const agreed = bestPairs(frames).reduce((sum, [t, f]) => sum + (frames[t]?.[f] ?? 0), 0);
  const trueBoxes = sequence.reduce((sum, frame) => sum + frame.trueIds.length, 0);
  const foundBoxes = sequence.reduce((sum, frame) => sum + frame.foundIds.length, 0);
  return {
    idF1: ratio(2 * agreed, trueBoxes + foundBoxes),
    idPrecision: ratio(agreed, foundBoxes),
    idRecall: ratio(agreed, trueBoxes),
  };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
