/**
 * What a track is remembered to look like: a slowly moving mean of the detector's appearance vectors
 * (unit length), learned only while nobody stands in front.
 */

export type AppearanceMemory = Readonly<{ mean: Float32Array }>;

/** Light and pose change over seconds. */
const memorySeconds = 2;
/** Cosine similarities of people in one picture lie between this and 1; below is surely another. */
const leastSimilarity = 0.5;

/** `seconds` since the memory last learned something. A memory of another vector length begins anew. */
export function learnAppearance(
  memory: AppearanceMemory | undefined,
  seen: Float32Array | undefined,
  seconds: number,
): AppearanceMemory | undefined {
  if (seen === undefined || seen.length === 0) return memory;
  if (memory === undefined || memory.mean.length !== seen.length) return { mean: seen };
  const share = 1 - Math.exp(-seconds / memorySeconds);
  const mixed = memory.mean.map((value, index) => value + share * ((seen[index] ?? 0) - value));
  const length = Math.hypot(...mixed);
  return { mean: length > 0 ? mixed.map((value) => value / length) : mixed };
}

/** 0 the same, 1 surely another; undefined when one of the two has no vector. */
export function appearanceDistance(
  memory: AppearanceMemory | undefined,
  seen: Float32Array | undefined,
): number | undefined {
  if (memory === undefined || seen === undefined) return undefined;
  if (memory.mean.length !== seen.length) return undefined;
  const similarity = memory.mean.reduce((sum, value, i) => sum + value * (seen[i] ?? 0), 0);
  return Math.min(1, Math.max(0, (1 - similarity) / (1 - leastSimilarity)));
}
