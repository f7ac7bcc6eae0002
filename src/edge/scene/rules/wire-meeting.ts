/** When a straight way met a drawn wire. */
import { type Point, segmentsCross, sideOf } from '../../../contract/shape.ts';
import type { StraightWay } from './passage.ts';
import type { Glimpse } from './step.ts';

export type Wire = Readonly<{
  segments: readonly (readonly [Point, Point])[];
  left: number;
  top: number;
  right: number;
  bottom: number;
}>;

export function wireOf(points: readonly Point[]): Wire {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return {
    segments: points.slice(1).map((end, at) => [points[at] ?? end, end]),
    left: Math.min(...xs),
    top: Math.min(...ys),
    right: Math.max(...xs),
    bottom: Math.max(...ys),
  };
}

/** Most steps pass the rectangle round the wire by: those are done with at once. */
export function meetingOfStep(glimpse: Glimpse, wire: Wire): number | undefined {
  const { x, y, mediaTimeMs, beforeX, beforeY, beforeMs } = glimpse;
  if ((x < wire.left && beforeX < wire.left) || (x > wire.right && beforeX > wire.right))
    return undefined;
  if ((y < wire.top && beforeY < wire.top) || (y > wire.bottom && beforeY > wire.bottom))
    return undefined;
  const from = { fromX: beforeX, fromY: beforeY, fromMs: beforeMs };
  return meetingMs({ ...from, toX: x, toY: y, toMs: mediaTimeMs }, wire);
}

export function meetingMs(
  { fromX, fromY, fromMs, toX, toY, toMs }: StraightWay,
  { segments }: Wire,
): number | undefined {
  const way = [
    [fromX, fromY],
    [toX, toY],
  ] as const;
  for (const segment of segments) {
    if (!segmentsCross(way, segment)) continue;
    const [from, to] = [sideOf(segment, way[0]), sideOf(segment, way[1])];
    const share = from === to ? 1 : from / (from - to);
    return fromMs + (toMs - fromMs) * share;
  }
  return undefined;
}
