/**
 * Which detection continues which track: the assignment of least total cost (Hungarian method), where leaving both
 * alone is always possible and costs as much as the worst pair that is still believed.
 */
import munkres from 'munkres';
import type { Box } from '../../../contract/shape.ts';
import { iou } from '../../geometry/iou.ts';
import { type AppearanceMemory, appearanceDistance } from './appearance.ts';
import type { Stance } from './box-motion.ts';

/** A track as association sees it: its prediction for this moment. */
export type Expected = Readonly<{
  stance: Stance;
  box: Box;
  /** How far from the predicted foot point the object may be, in box heights. */
  reachHeights: number;
  appearance: AppearanceMemory | undefined;
  dev: number;
}>;

export type Seen = Readonly<{ stance: Stance; box: Box; appearance: Float32Array | undefined }>;

/** How alike the heights must be: a person bent, or half hidden, still has more than half. */
/** Overlap and distance tell the same thing when people are apart; distance goes on where overlap ends. */
export const weights = { overlap: 0.5, distance: 0.5, height: 0.3, appearance: 0.6, leastHeightRatio: 0.55, gate: 4, devs: 3, noise: 0.1, recent: 1000 };

/** Index pairs of `expected` and `seen`. */
export function associate(
  expected: readonly Expected[],
  seen: readonly Seen[],
  greatestCost: number,
): readonly (readonly [expectedIndex: number, seenIndex: number])[] {
  if (expected.length === 0 || seen.length === 0) return [];
  const costs = expected.map((track) =>
    seen.map((detection) => Math.min(greatestCost, pairCost(track, detection))),
  );
  return munkres(costs).filter(
    ([row, column]) => (costs[row]?.[column] ?? greatestCost) < greatestCost,
  );
}

/** 0 for a perfect match; Infinity when the two cannot be the same object. */
export function pairCost(track: Expected, detection: Seen): number {
  const heightRatio = ratio(track.stance.height, detection.stance.height);
  const distance = distanceHeights(track.stance, detection.stance);
  if (heightRatio < weights.leastHeightRatio || distance > track.reachHeights || distance > weights.gate * track.dev) return Infinity;
  const alike = appearanceDistance(track.appearance, detection.appearance);
  const placed =
    weights.overlap * (1 - iou(track.box, detection.box)) +
    weights.distance * Math.min(1, distance / (weights.devs * track.dev)) +
    weights.height * (1 - heightRatio);
  const placedWeight = weights.overlap + weights.distance + weights.height;
  if (alike === undefined) return placed / placedWeight;
  return (placed + weights.appearance * alike) / (placedWeight + weights.appearance);
}

/** Between feet or between heads, whichever agree better: one of them may be hidden. */
function distanceHeights(a: Stance, b: Stance): number {
  const across = a.footX - b.footX;
  const feet = Math.hypot(across, a.footY - b.footY);
  const heads = Math.hypot(across, a.footY - a.height - (b.footY - b.height));
  return Math.min(feet, heads) / Math.max(a.height, b.height);
}

function ratio(a: number, b: number): number {
  return Math.min(a, b) / Math.max(a, b);
}
