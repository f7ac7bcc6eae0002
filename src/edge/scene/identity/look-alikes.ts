/**
 * How alike different people look on this camera. Two tracks in one frame are two persons, so their similarity shows what a
 * similarity is worth here: by night, when all coats are grey, strangers are as alike as friends, and looks must not link
 * anybody. Kept as a fading histogram of constant size.
 */
import { likeness } from './look.ts';
import type { Tracklet } from './tracklet.ts';

export type LookAlikes = Readonly<{
  /** The tracks of a frame. */
  see: (present: readonly Tracklet[], nowMs: number) => void;
  /** Share (0..1) of pairs of different people that are at least so similar. */
  shareAbove: (similarity: number) => number;
}>;

const bins = 50;
/** One comparison a second is enough: people change slowly. */
const sampleMs = 1000;
/** Light changes within half an hour. */
const memoryMs = 1_800_000;
/** So much is taken to have been seen before, with this share alike everywhere: a first pair does not decide. */
const priorPairs = 4;
/** Frames hold few people or many; more pairs than this would let one crowd decide. */
const mostPairs = 20;

export function createLookAlikes(): LookAlikes {
  const counts = new Float64Array(bins);
  let sampledAtMs: number | undefined;
  let total = 0;
  return {
    see: (present, nowMs) => {
      const sinceMs = sampledAtMs === undefined ? sampleMs : nowMs - sampledAtMs;
      if (sinceMs < sampleMs) return;
      const pairs = pairsOf(present);
      if (pairs.length === 0) return;
      sampledAtMs = nowMs;
      const kept = Math.exp(-sinceMs / memoryMs);
      for (const bin of counts.keys()) counts[bin] = (counts[bin] ?? 0) * kept;
      total = total * kept + pairs.length;
      for (const similarity of pairs)
        counts[binOf(similarity)] = (counts[binOf(similarity)] ?? 0) + 1;
    },
    shareAbove: (similarity) => {
      let above = 0;
      for (let bin = binOf(similarity); bin < bins; bin += 1) above += counts[bin] ?? 0;
      return above / (total + priorPairs);
    },
  };
}

function pairsOf(present: readonly Tracklet[]): readonly number[] {
  const known = present.flatMap(({ looks }) => (looks.length === 0 ? [] : [looks]));
  return known
    .flatMap((looks, index) => known.slice(index + 1).map((others) => [looks, others] as const))
    .slice(0, mostPairs)
    .map(([looks, others]) => likeness(looks, others));
}

function binOf(similarity: number): number {
  return Math.max(0, Math.min(bins - 1, Math.floor(similarity * bins)));
}
