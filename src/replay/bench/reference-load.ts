/**
 * A fixed piece of work of the same kind as following people, by which figures of different machines can be compared:
 * ten by ten dot products of appearance length, small objects made, sorted and thrown away.
 */
import { appearanceLength } from './walkers.ts';

const vectors = Array.from({ length: 10 }, (_, index) =>
  Float32Array.from({ length: appearanceLength }, (_, at) => ((at * (index + 3)) % 17) / 17),
);

/** Answers with a number that has to be used, or the work might be left out. */
export function doReferenceWork(): number {
  const pairs = vectors.flatMap((one, row) =>
    vectors.map((other, column) => ({ row, column, similarity: dot(one, other) })),
  );
  const best = pairs.sort((a, b) => b.similarity - a.similarity)[0];
  return (best?.similarity ?? 0) + (best?.row ?? 0);
}

function dot(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
}
