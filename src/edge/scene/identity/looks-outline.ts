/**
 * The looks of a track in one vector, and how far they spread about it: what is far enough from the outline is far from every
 * look in it (triangle inequality of angles), so that most strangers are told apart by one product instead of many.
 */
import { similarityOf } from '../tracking/appearance.ts';
import { identityConstants as constants } from './identity-settings.ts';
import type { Look } from './look.ts';

/** `mean` is of unit length; a vector less similar to it than `least` is not similar enough to any of the looks to matter. */
export type LooksOutline = Readonly<{ mean: Float32Array; least: number }>;

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

/** Undefined when there is nothing to compare with, or the looks are of different kinds. */
export function outlineOf(looks: readonly Look[]): LooksOutline | undefined {
  const [first] = looks;
  if (first === undefined || looks.some(({ mean }) => mean.length !== first.mean.length))
    return undefined;
  const mean = new Float32Array(first.mean.length);
  for (const look of looks)
    for (let at = 0; at < mean.length; at += 1) mean[at] = (mean[at] ?? 0) + (look.mean[at] ?? 0);
  const length = Math.sqrt(similarityOf(mean, mean));
  if (length === 0) return undefined;
  for (let at = 0; at < mean.length; at += 1) mean[at] = (mean[at] ?? 0) / length;
  const farthest = Math.min(...looks.map((look) => similarityOf(look.mean, mean)));
  const angle = Math.acos(mattersFrom) + Math.acos(Math.max(-1, Math.min(1, farthest)));
  return { mean, least: angle >= Math.PI ? -1 : Math.cos(angle) - slack };
}
