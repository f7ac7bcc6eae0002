/**
 * What a track is remembered to look like: a slowly moving mean of the detector's appearance vectors
 * (unit length), learned only while nobody stands in front.
 */
import { costConstants as constants } from './tracker-settings.ts';

export type AppearanceMemory = Readonly<{
  mean: Float32Array;
  /** How many sightings it has learned from. */
  sightings: number;
}>;

/** `seconds` since the memory last learned something. A memory of another vector length begins anew. */
export function learnAppearance(
  memory: AppearanceMemory | undefined,
  seen: Float32Array | undefined,
  seconds: number,
): AppearanceMemory | undefined {
  if (seen === undefined || seen.length === 0) return memory;
  if (memory === undefined || memory.mean.length !== seen.length)
    return { mean: seen, sightings: 1 };
  const sightings = memory.sightings + 1;
  // A plain mean at first: one sighting is too noisy to stand for the rest.
  const share = Math.max(1 - Math.exp(-seconds / constants.lookSeconds), 1 / sightings);
  return { mean: mixed(memory.mean, seen, share), sightings };
}

/** `share` 0 is all of `a`, 1 all of `b`; of unit length again. Plain loops: each track of each frame comes through here. */
export function mixed(a: Float32Array, b: Float32Array, share: number): Float32Array {
  const mean = new Float32Array(a.length);
  let squares = 0;
  for (let index = 0; index < a.length; index += 1) {
    const value = (a[index] ?? 0) * (1 - share) + (b[index] ?? 0) * share;
    mean[index] = value;
    squares += value * value;
  }
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  for (let index = 0; index < mean.length; index += 1) mean[index] = (mean[index] ?? 0) * scale;
  return mean;
}

/** 0 the same, 1 surely another; undefined when one of the two has no vector. */
export function appearanceDistance(
  memory: AppearanceMemory | undefined,
  seen: Float32Array | undefined,
): number | undefined {
  if (memory === undefined || seen === undefined) return undefined;
  if (memory.mean.length !== seen.length) return undefined;
  const similarity = similarityOf(memory.mean, seen);
  return Math.min(1, Math.max(0, (1 - similarity) / (1 - constants.leastSimilarity)));
}

/** Cosine of two vectors of unit length: 1 for the same look. */
export function similarityOf(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  // A plain loop: this is where most of a crowd's time goes.
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
