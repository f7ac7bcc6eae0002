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
