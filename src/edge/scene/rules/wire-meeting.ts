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

/** The way of one step. */
export function stepOf({ x, y, mediaTimeMs, beforeX, beforeY, beforeMs }: Glimpse): StraightWay {
  return {
    ...{ fromX: beforeX, fromY: beforeY, fromMs: beforeMs },
    ...{ toX: x, toY: y, toMs: mediaTimeMs },
  };
}

/** Most ways pass the rectangle round the wire by: those are done with at once. */
export function meetingMs(
  { fromX, fromY, fromMs, toX, toY, toMs }: StraightWay,
  { segments, left, top, right, bottom }: Wire,
): number | undefined {
  if ((toX < left && fromX < left) || (toX > right && fromX > right)) return undefined;
  if ((toY < top && fromY < top) || (toY > bottom && fromY > bottom)) return undefined;
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
