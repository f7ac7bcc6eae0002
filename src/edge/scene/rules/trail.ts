/** Where somebody's feet were lately: the last ten seconds, and no more than so many places. Constant in size. */
import type { Point } from '../../../contract/shape.ts';

const trailMs = 10_000;
const longestTrail = 80;

/** A ring of places, changed in place. */
export type Trail = {
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  readonly times: Float64Array;
  oldest: number;
  length: number;
};

export function createTrail(): Trail {
  const places = () => new Float64Array(longestTrail);
  return { xs: places(), ys: places(), times: places(), oldest: 0, length: 0 };
}

export function addToTrail(trail: Trail, x: number, y: number, atMs: number): void {
  if (trail.length === longestTrail) dropOldest(trail);
  const at = indexOf(trail, trail.length);
  trail.xs[at] = x;
  trail.ys[at] = y;
  trail.times[at] = atMs;
  trail.length += 1;
  while (atMs - (trail.times[trail.oldest] ?? atMs) > trailMs) dropOldest(trail);
}

/** Oldest first. */
export function pointsOfTrail(trail: Trail): readonly Point[] {
  return Array.from({ length: trail.length }, (_, nth): Point => {
    const at = indexOf(trail, nth);
    return [trail.xs[at] ?? 0, trail.ys[at] ?? 0];
  });
}

function dropOldest(trail: Trail): void {
  trail.oldest = indexOf(trail, 1);
  trail.length -= 1;
}

function indexOf({ oldest }: Trail, nth: number): number {
  const at = oldest + nth;
  return at < longestTrail ? at : at - longestTrail;
}
