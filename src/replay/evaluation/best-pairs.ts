/** The assignment of rows to columns with the greatest sum of scores (Hungarian method). */
import munkres from 'munkres';

/** Pairs with a score of 0 or less are left out. */
export function bestPairs(
  scores: readonly (readonly number[])[],
): readonly (readonly [row: number, column: number])[] {
  if (scores.length === 0 || (scores[0]?.length ?? 0) === 0) return [];
  const costs = scores.map((row) => row.map((score) => -score));
  return munkres(costs).filter(([row, column]) => (scores[row]?.[column] ?? 0) > 0);
}
