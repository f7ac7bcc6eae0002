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
  label: string;
  stance: Stance;
  box: Box;
  /** How far from the predicted foot point the object may be at most, in box heights. */
  reachHeights: number;
  /** How far it likely is, in box heights (one standard deviation). */
  deviationHeights: number;
  appearance: AppearanceMemory | undefined;
}>;

export type Seen = Readonly<{
  label: string;
  stance: Stance;
  box: Box;
  appearance: Float32Array | undefined;
}>;

/** A person bent, or half hidden, still has more than half of the height. */
const leastHeightRatio = 0.55;
/** Deviations at which the distance has told all it can. */
const farDeviations = 3;
/** Overlap and distance tell much the same near by; distance goes on where overlap ends. */
const weights = { overlap: 0.5, distance: 0.5, height: 0.3, appearance: 0.6 } as const;

/** Index pairs of `expected` and `seen`. `greatestCost` is between 0 and 1. */
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

/** 0 for a perfect match, 1 for the worst possible; Infinity when the two cannot be the same object. */
function pairCost(track: Expected, detection: Seen): number {
  const heightRatio = ratio(track.stance.height, detection.stance.height);
  const distance = distanceHeights(track.stance, detection.stance);
  if (track.label !== detection.label) return Number.POSITIVE_INFINITY;
  if (heightRatio < leastHeightRatio || distance > track.reachHeights) {
    return Number.POSITIVE_INFINITY;
  }
  const far = distance / (farDeviations * track.deviationHeights);
  const placed =
    weights.overlap * (1 - iou(track.box, detection.box)) +
    weights.distance * Math.min(1, far) +
    weights.height * (1 - heightRatio);
  const placedWeight = weights.overlap + weights.distance + weights.height;
  const alike = appearanceDistance(track.appearance, detection.appearance);
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
