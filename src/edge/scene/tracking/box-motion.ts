/**
 * Where a box is and how it moves: foot point, width and height, each a filtered coordinate.
 * Lengths are in picture heights on both axes (x is scaled by the aspect ratio), so that noise means the same
 * sideways as up and down. Noise is given in box heights: a near person moves more pixels than a far one.
 */
import type { Box } from '../../../contract/shape.ts';
import { type AxisState, correctAxis, predictAxis, startAxis } from './axis-filter.ts';

/** Foot point (bottom centre), width and height of a box in picture heights. */
export type Stance = Readonly<{ footX: number; footY: number; width: number; height: number }>;

export type BoxMotion = Readonly<{
  footX: AxisState;
  footY: AxisState;
  width: AxisState;
  height: AxisState;
}>;

/** Standard deviations in box heights, per second and per second squared for rates. */
export const noise = {
  footX: 0.04,
  /** The lower end of a box is less sure than its sides: shadows, bags, feet in grass. */
  footY: 0.06,
  width: 0.08,
  height: 0.06,
  /** A walker's pace, which a first sighting does not show. */
  firstPace: 0.8,
  /** From standing to walking in about a second. */
  pace: 1.2,
  /** Size changes slowly, by walking towards the camera or by turning. */
  size: 0.15,
  robust: 2,
};

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

export function startMotion(stance: Stance): BoxMotion {
  const unit = stance.height;
  return {
    footX: startAxis(stance.footX, noise.footX * unit, noise.firstPace * unit),
    footY: startAxis(stance.footY, noise.footY * unit, noise.firstPace * unit),
    width: startAxis(stance.width, noise.width * unit, noise.size * unit),
    height: startAxis(stance.height, noise.height * unit, noise.size * unit),
  };
}

export function predictMotion(motion: BoxMotion, seconds: number): BoxMotion {
  const unit = motion.height.value;
  return {
    footX: predictAxis(motion.footX, seconds, noise.pace * unit),
    footY: predictAxis(motion.footY, seconds, noise.pace * unit),
    width: predictAxis(motion.width, seconds, noise.size * unit),
    height: predictAxis(motion.height, seconds, noise.size * unit),
  };
}

/** `trust` 1 takes the sighting as it comes; less makes it count for less, as when the box is half hidden. */
export function correctMotion(motion: BoxMotion, seen: Stance, trust: number): BoxMotion {
  const unit = motion.height.value / trust;
  return {
    footX: correctAxis(motion.footX, seen.footX, rob(motion.footX, seen.footX, noise.footX * unit)),
    footY: correctAxis(motion.footY, seen.footY, rob(motion.footY, seen.footY, noise.footY * unit)),
    width: correctAxis(motion.width, seen.width, rob(motion.width, seen.width, noise.width * unit)),
    height: correctAxis(motion.height, seen.height, rob(motion.height, seen.height, noise.height * unit)),
  };
}

export function stanceFrom(motion: BoxMotion): Stance {
  return {
    footX: motion.footX.value,
    footY: motion.footY.value,
    width: motion.width.value,
    height: motion.height.value,
  };
}

function rob(state: AxisState, seen: number, dev: number): number {
  const total = Math.sqrt(state.variance + dev ** 2);
  const off = Math.abs(seen - state.value) / (noise.robust * total);
  return off > 1 ? dev * off : dev;
}
