/**
 * The looks of a track that has ended, in one piece of memory because hundreds are kept for minutes, with one vector for all
 * of them and how far they spread about it: what is far enough from that outline is far from every look (triangle inequality
 * of angles), so that most strangers are told apart by one product instead of many.
 */
import { similarityOf } from '../tracking/appearance.ts';
import { identityConstants as constants } from './identity-settings.ts';
import type { Look } from './look.ts';

/**
 * `vectors` are those of all looks, one after the other, each `length` numbers and of unit length; the last one is the
 * outline. A vector less similar to it than `least` is not similar enough to any of the looks to matter.
 */
export type LooksOutline = Readonly<{ vectors: Float32Array; length: number; least: number }>;

/** Less similar, and no link is made: nor is another one hindered by it, or less certain for it. */
const mattersFrom =
  constants.strangerSimilarity +
  (1 - constants.strangerSimilarity) *
    Math.min(
      constants.probableScore - constants.leastLead,
      constants.certainScore - constants.certainLead,
    );
/** Vectors are of single precision. */
const slack = 1e-4;

/** Undefined when there is nothing to compare with. All looks of a track are of one kind. */
export function outlineOf(looks: readonly Look[]): LooksOutline | undefined {
  const length = looks[0]?.mean.length ?? 0;
  if (length === 0) return undefined;
  const vectors = new Float32Array((looks.length + 1) * length);
  for (const [at, { mean }] of looks.entries()) vectors.set(mean, at * length);
  const middle = vectors.subarray(looks.length * length);
  for (let at = 0; at < length; at += 1)
    for (const { mean } of looks) middle[at] = (middle[at] ?? 0) + (mean[at] ?? 0);
  const size = Math.sqrt(similarityOf(middle, middle));
  // Looks that point away from each other have no middle: none is left out.
  if (size === 0) return { vectors, length, least: -1 };
  for (let at = 0; at < length; at += 1) middle[at] = (middle[at] ?? 0) / size;
  const farthest = Math.min(...looks.map(({ mean }) => similarityOf(mean, middle)));
  const angle = Math.acos(mattersFrom) + Math.acos(Math.max(-1, Math.min(1, farthest)));
  return { vectors, length, least: angle >= Math.PI ? -1 : Math.cos(angle) - slack };
}

/** Cosine of the look and the most alike of those; 0 where it is too small to matter, or they are of another kind. */
export function likenessToOutline({ mean }: Look, outline: LooksOutline): number {
  const { vectors, length, least } = outline;
  if (mean.length !== length) return 0;
  const looks = vectors.length - length;
  if (similarityAt(mean, vectors, looks) < least) return 0;
  let most = 0;
  for (let at = 0; at < looks; at += length) most = Math.max(most, similarityAt(mean, vectors, at));
  return most;
}

function similarityAt(mean: Float32Array, vectors: Float32Array, from: number): number {
  let sum = 0;
  for (let at = 0; at < mean.length; at += 1) sum += (mean[at] ?? 0) * (vectors[from + at] ?? 0);
  return sum;
}
