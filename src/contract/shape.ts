/**
 * The shapes that cross the wire. All coordinates are fractions of the picture (0..1), origin top-left, y down.
 * Pixels exist only inside the edge's detector room.
 */
import { type Static, Type } from 'typebox';

const Fraction = Type.Number({ minimum: 0, maximum: 1 });

/** `[x, y]`, fractions of the picture's width and height. */
export const Point = Type.Tuple([Fraction, Fraction]);
export type Point = readonly [x: number, y: number];

/** Corners of an axis-parallel box, fractions of the picture; a person leaving the picture is cut at its edge. */
export const Box = Type.Object({
  left: Type.Number(),
  top: Type.Number(),
  right: Type.Number(),
  bottom: Type.Number(),
});
export type Box = Readonly<Static<typeof Box>>;

/** Where a person stands: the middle of the box's lower side. */
export function footPointOf(box: Box): Point {
  return [(box.left + box.right) / 2, box.bottom];
}

/** On which side of the line from `start` to `end` the point lies: below 0 side A (left hand), above 0 side B, 0 on it. */
export function sideOf([start, end]: readonly [Point, Point], [x, y]: Point): number {
  return (end[0] - start[0]) * (y - start[1]) - (end[1] - start[1]) * (x - start[0]);
}

/** True when the segments have a point in common; touching counts. Does not change when an axis is scaled. */
export function segmentsCross(
  first: readonly [Point, Point],
  second: readonly [Point, Point],
): boolean {
  const [a, b] = [sideOf(second, first[0]), sideOf(second, first[1])];
  const [c, d] = [sideOf(first, second[0]), sideOf(first, second[1])];
  if (a === 0 && b === 0) return overlap(first, second, 0) && overlap(first, second, 1);
  return a * b <= 0 && c * d <= 0;
}

function overlap(
  [a, b]: readonly [Point, Point],
  [c, d]: readonly [Point, Point],
  axis: 0 | 1,
): boolean {
  return (
    Math.max(Math.min(a[axis], b[axis]), Math.min(c[axis], d[axis])) <=
    Math.min(Math.max(a[axis], b[axis]), Math.max(c[axis], d[axis]))
  );
}
