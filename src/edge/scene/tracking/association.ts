/**
 * Which detection continues which track: the assignment of least total cost (Hungarian method), where leaving both
 * alone is always possible and costs as much as the worst pair that is still believed.
 */
import type { Box } from '../../../contract/shape.ts';
import { iou } from '../../geometry/iou.ts';
import { type AppearanceMemory, appearanceDistance } from './appearance.ts';
import { assign, type Pair } from './assignment.ts';
import type { Stance } from './box-motion.ts';
import { costConstants as constants } from './tracker-settings.ts';

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

/** Index pairs of `expected` and `seen`. `greatestCost` is between 0 and 1. */
export function associate(
  expected: readonly Expected[],
  seen: readonly Seen[],
  greatestCost: number,
): readonly Pair[] {
  const costs = expected.map((track) =>
    seen.map((detection) => Math.min(greatestCost, pairCost(track, detection))),
  );
  return assign(costs, greatestCost);
}

/** 0 for a perfect match, 1 for the worst possible; Infinity when the two cannot be the same object. */
export function pairCost(track: Expected, detection: Seen): number {
  if (track.label !== detection.label) return Number.POSITIVE_INFINITY;
  const distance = distanceHeights(track.stance, detection.stance);
  if (distance > track.reachHeights) return Number.POSITIVE_INFINITY;
  const heightRatio = ratio(track.stance.height, detection.stance.height);
  if (heightRatio < constants.leastHeightRatio) return Number.POSITIVE_INFINITY;
  const far = distance / (constants.farDeviations * track.deviationHeights);
  const placed =
    constants.overlapWeight * (1 - iou(track.box, detection.box)) +
    constants.distanceWeight * Math.min(1, far) +
    constants.heightWeight * (1 - heightRatio);
  const placedWeight = constants.overlapWeight + constants.distanceWeight + constants.heightWeight;
  const alike = appearanceDistance(track.appearance, detection.appearance);
  if (alike === undefined) return placed / placedWeight;
  return (
    (placed + constants.appearanceWeight * alike) / (placedWeight + constants.appearanceWeight)
  );
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
