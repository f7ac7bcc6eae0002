/**
 * Where a box is and how it moves: foot point, width and height, each a filtered coordinate.
 * Lengths are in picture heights on both axes (x is scaled by the aspect ratio), so that noise means the same
 * sideways as up and down. Noise is given in box heights: a near person moves more pixels than a far one.
 */
import type { Box } from '../../../contract/shape.ts';
import { type AxisState, correctAxis, predictAxis, startAxis } from './axis-filter.ts';
import { motionConstants as constants } from './tracker-settings.ts';

/** Foot point (bottom centre), width and height of a box in picture heights. */
export type Stance = Readonly<{ footX: number; footY: number; width: number; height: number }>;

export type BoxMotion = Readonly<{
  footX: AxisState;
  footY: AxisState;
  width: AxisState;
  height: AxisState;
}>;

export function stanceOf(box: Box, aspectRatio: number): Stance {
  return {
    footX: ((box.left + box.right) / 2) * aspectRatio,
    footY: box.bottom,
    width: (box.right - box.left) * aspectRatio,
    height: box.bottom - box.top,
  };
}

export function boxOf(stance: Stance, aspectRatio: number): Box {
  const half = stance.width / 2;
  return {
    left: (stance.footX - half) / aspectRatio,
    top: stance.footY - stance.height,
    right: (stance.footX + half) / aspectRatio,
    bottom: stance.footY,
  };
}

/** The stance that the filters hold. */
export function stanceIn(motion: BoxMotion): Stance {
  return {
    footX: motion.footX.value,
    footY: motion.footY.value,
    width: motion.width.value,
    height: motion.height.value,
  };
}

export function startMotion(seen: Stance): BoxMotion {
  const unit = seen.height;
  return {
    footX: startAxis(seen.footX, constants.measuredFootX * unit, constants.firstPace * unit),
    footY: startAxis(seen.footY, constants.measuredFootY * unit, constants.firstPace * unit),
    width: startAxis(seen.width, constants.measuredWidth * unit, constants.growth * unit),
    height: startAxis(seen.height, constants.measuredHeight * unit, constants.growth * unit),
  };
}

export function predictMotion(motion: BoxMotion, seconds: number): BoxMotion {
  const unit = motion.height.value;
  return {
    footX: predictAxis(motion.footX, seconds, constants.acceleration * unit),
    footY: predictAxis(motion.footY, seconds, constants.acceleration * unit),
    width: predictAxis(motion.width, seconds, constants.growth * unit),
    height: predictAxis(motion.height, seconds, constants.growth * unit),
  };
}

/** `trust` 1 takes the sighting as it comes; less makes it count for less, as when the box is half hidden. */
export function correctMotion(motion: BoxMotion, seen: Stance, trust: number): BoxMotion {
  const unit = motion.height.value / trust;
  return {
    footX: correctAxis(motion.footX, seen.footX, constants.measuredFootX * unit),
    footY: correctAxis(motion.footY, seen.footY, constants.measuredFootY * unit),
    width: correctAxis(motion.width, seen.width, constants.measuredWidth * unit),
    height: correctAxis(motion.height, seen.height, constants.measuredHeight * unit),
  };
}

/** Standard deviation of the foot point, in box heights, as the filters see it. */
export function footDeviation(motion: BoxMotion): number {
  const variance = (motion.footX.variance + motion.footY.variance) / 2;
  return Math.sqrt(variance) / motion.height.value;
}
