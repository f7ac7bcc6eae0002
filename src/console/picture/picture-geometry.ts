/**
 * Geometry of what is drawn over a picture. Pure. Contract points are fractions of the picture; drawing happens in a plane
 * of square units (`Size`: pixels, or any scale with the picture's aspect ratio), where distances and angles are true.
 * Side A of a wire is on the left hand when going from its first to its last point on the screen (y down).
 */
import type { Point } from '../../contract/shape.ts';

export type Size = Readonly<{ width: number; height: number }>;
export type Spot = Readonly<{ x: number; y: number }>;

/** The middle of a wire and the unit vector towards its side A there. */
export type WireMiddle = Readonly<{ at: Spot; towardsA: Spot }>;

export function toSpot([x, y]: Point, size: Size): Spot {
  return { x: x * size.width, y: y * size.height };
}

/** Back to fractions, kept inside the picture and rounded to a ten-thousandth. */
export function toPoint(spot: Spot, size: Size): [x: number, y: number] {
  return [fraction(spot.x / size.width), fraction(spot.y / size.height)];
}

function fraction(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 10_000) / 10_000;
}

export function distance(a: Spot, b: Spot): number {
  return Math.hypot(b.x - a.x, b.y - a.y);
}

export function lengthOf(spots: readonly Spot[]): number {
  return segmentsOf(spots).reduce((sum, [a, b]) => sum + distance(a, b), 0);
}

/** Consecutive pairs; with `closed`, the last point is joined to the first. */
export function segmentsOf(
  spots: readonly Spot[],
  closed = false,
): readonly (readonly [Spot, Spot])[] {
  return spots.flatMap((spot, index) => {
    const next = spots[index + 1] ?? (closed ? spots[0] : undefined);
    return next === undefined ? [] : [[spot, next] as const];
  });
}

/** Undefined for a wire without length. */
export function wireMiddle(spots: readonly Spot[]): WireMiddle | undefined {
  let left = lengthOf(spots) / 2;
  if (left === 0) return undefined;
  for (const [a, b] of segmentsOf(spots)) {
    const length = distance(a, b);
    if (length > 0 && left <= length) {
      const along = { x: (b.x - a.x) / length, y: (b.y - a.y) / length };
      return {
        at: { x: a.x + along.x * left, y: a.y + along.y * left },
        towardsA: { x: along.y, y: -along.x },
      };
    }
    left -= length;
  }
  return undefined;
}

export function moved(from: Spot, direction: Spot, by: number): Spot {
  return { x: from.x + direction.x * by, y: from.y + direction.y * by };
}

export function opposite(direction: Spot): Spot {
  return { x: -direction.x, y: -direction.y };
}

/** The mean of the corners: where an area's name is written. */
export function centreOf(spots: readonly Spot[]): Spot {
  const sum = spots.reduce((all, spot) => moved(all, spot, 1), { x: 0, y: 0 });
  const count = Math.max(1, spots.length);
  return { x: sum.x / count, y: sum.y / count };
}

/** Which segment lies nearest, and how far: for putting a new point into a wire. */
export function nearestSegment(
  spots: readonly Spot[],
  to: Spot,
  closed: boolean,
): Readonly<{ index: number; distance: number }> | undefined {
  const distances = segmentsOf(spots, closed).map(([a, b]) => distanceToSegment(to, a, b));
  const nearest = Math.min(...distances);
  const index = distances.indexOf(nearest);
  return index < 0 ? undefined : { index, distance: nearest };
}

function distanceToSegment(spot: Spot, a: Spot, b: Spot): number {
  const squared = (b.x - a.x) ** 2 + (b.y - a.y) ** 2;
  if (squared === 0) return distance(spot, a);
  const share = ((spot.x - a.x) * (b.x - a.x) + (spot.y - a.y) * (b.y - a.y)) / squared;
  const held = Math.min(1, Math.max(0, share));
  return distance(spot, { x: a.x + (b.x - a.x) * held, y: a.y + (b.y - a.y) * held });
}

/** True when two segments of the line that are not neighbours meet. */
export function crossesItself(spots: readonly Spot[], closed: boolean): boolean {
  const segments = segmentsOf(spots, closed);
  return segments.some((one, i) =>
    segments.some((other, j) => {
      const neighbours = j - i === 1 || (closed && i === 0 && j === segments.length - 1);
      return j > i && !neighbours && segmentsMeet(one, other);
    }),
  );
}

function segmentsMeet([a, b]: readonly [Spot, Spot], [c, d]: readonly [Spot, Spot]): boolean {
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

/** Negative on side A of the line from start to end, positive on side B. */
export function side(start: Spot, end: Spot, spot: Spot): number {
  return (end.x - start.x) * (spot.y - start.y) - (end.y - start.y) * (spot.x - start.x);
}

/** Counts the crossings of a ray to the right (Shimrat 1962). */
export function isWithin(outline: readonly Spot[], { x, y }: Spot): boolean {
  return (
    segmentsOf(outline, true).filter(
      ([a, b]) => a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x,
    ).length %
      2 ===
    1
  );
}
