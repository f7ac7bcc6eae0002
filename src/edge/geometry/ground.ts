/**
 * Distances and sides in square units: picture heights. A point's x is multiplied by the picture's aspect ratio, so that
 * a step to the right is as long as the same step down.
 */
import { type Point, sideOf } from '../../contract/shape.ts';

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
 */
export function createWireDistance(
  polyline: readonly Point[],
  aspectRatio: number,
): (point: Point) => number {
  const ground = polyline.map((point) => toGround(point, aspectRatio));
  const segments = ground.slice(1).map((end, at) => {
    const segment: Segment = [ground[at] ?? end, end];
    return { segment, length: distance(...segment) };
  });
  return (place) => {
    const point = toGround(place, aspectRatio);
    let nearest = Number.POSITIVE_INFINITY;
    let signed = 0;
    for (const { segment, length } of segments) {
      const away = distanceToSegment(point, segment);
      const square = sideOf(segment, point) / length;
      const isNearer = away < nearest - 1e-9;
      const isTieMoreAcross = away <= nearest + 1e-9 && Math.abs(square) > Math.abs(signed);
      if (isNearer || isTieMoreAcross) signed = square;
      nearest = Math.min(nearest, away);
    }
    return signed;
  };
}
