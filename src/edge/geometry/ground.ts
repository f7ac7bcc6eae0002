/**
 * Distances and sides in square units: picture heights. A point's x is multiplied by the picture's aspect ratio, so that
 * a step to the right is as long as the same step down.
 */
import type { Point } from '../../contract/shape.ts';

/** `[x, y]` in picture heights. */
export type GroundPoint = readonly [x: number, y: number];

export function toGround([x, y]: Point, aspectRatio: number): GroundPoint {
  return [x * aspectRatio, y];
}

export function distance([ax, ay]: GroundPoint, [bx, by]: GroundPoint): number {
  return Math.hypot(ax - bx, ay - by);
}

type Segment = readonly [GroundPoint, GroundPoint];

/** Distance from the point to the nearest place of the segment. */
export function distanceToSegment([x, y]: GroundPoint, [start, end]: Segment): number {
  const dx = end[0] - start[0];
  const dy = end[1] - start[1];
  const lengthSquared = dx * dx + dy * dy;
  const along = (x - start[0]) * dx + (y - start[1]) * dy;
  const share = lengthSquared === 0 ? 0 : Math.max(0, Math.min(1, along / lengthSquared));
  const awayX = x - start[0] - share * dx;
  const awayY = y - start[1] - share * dy;
  return Math.sqrt(awayX * awayX + awayY * awayY);
}

/**
 * Signed distance from a polyline: below 0 on side A, above 0 on side B, measured square to the nearest segment and beyond
 * its ends to its prolongation. Where a joint is nearest, the segment that stands more across decides: it alone gives the
 * right side on the inner and on the outer side of the bend. Points are fractions of the picture, distances its heights.
 * Takes plain numbers: it is asked for every sighting of a day.
 */
export function createWireDistance(
  polyline: readonly Point[],
  aspectRatio: number,
): (x: number, y: number) => number {
  const ground = polyline.map((point) => toGround(point, aspectRatio));
  const segments = ground.slice(1).map((end, at) => segmentOf(ground[at] ?? end, end));
  return (x, y) => {
    const groundX = x * aspectRatio;
    let nearest = Number.POSITIVE_INFINITY;
    let signed = 0;
    for (const segment of segments) {
      const away = awayFrom(segment, groundX, y);
      const square = squareTo(segment, groundX, y);
      const isNearer = away < nearest - 1e-9;
      const isTieMoreAcross = away <= nearest + 1e-9 && Math.abs(square) > Math.abs(signed);
      if (isNearer || isTieMoreAcross) signed = square;
      if (away < nearest) nearest = away;
    }
    return signed;
  };
}

type WireSegment = Readonly<{ x: number; y: number; dx: number; dy: number; length: number }>;

function segmentOf([x, y]: GroundPoint, end: GroundPoint): WireSegment {
  const [dx, dy] = [end[0] - x, end[1] - y];
  return { x, y, dx, dy, length: Math.hypot(dx, dy) };
}

function awayFrom({ x, y, dx, dy, length }: WireSegment, toX: number, toY: number): number {
  const along = length === 0 ? 0 : ((toX - x) * dx + (toY - y) * dy) / (length * length);
  const share = Math.max(0, Math.min(1, along));
  const awayX = toX - x - share * dx;
  const awayY = toY - y - share * dy;
  return Math.sqrt(awayX * awayX + awayY * awayY);
}

/** Signed, to the line through the segment. */
function squareTo({ x, y, dx, dy, length }: WireSegment, toX: number, toY: number): number {
  return (dx * (toY - y) - dy * (toX - x)) / length;
}
