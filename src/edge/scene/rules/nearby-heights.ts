/**
 * How tall the people near a rule's shape are: what a rule measures its own needs by. Bounded: the last sightings, one a
 * second, at most. Distances in picture heights.
 */
import type { Point } from '../../../contract/shape.ts';
import type { Glimpse } from './step.ts';

const everyMs = 1000;
const mostHeights = 60;
/** Near is within so many box heights of the rectangle round the shape. */
const nearHeights = 2;
/** Nobody was seen there yet: a person of 1.7 m in a street camera's picture of 11 m. */
const usualHeight = 0.15;

export type NearbyHeights = Readonly<{
  take: (glimpse: Glimpse) => void;
  /** The upper quartile: the tallest have the least room, and a few stray boxes do not decide. */
  typical: () => number;
}>;

export function createNearbyHeights(shape: readonly Point[], aspectRatio: number): NearbyHeights {
  const xs = shape.map(([x]) => x);
  const ys = shape.map(([, y]) => y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const heights: number[] = [];
  let nextMs = Number.NEGATIVE_INFINITY;
  const isNear = ({ x, y, boxHeight }: Glimpse): boolean => {
    const beside = Math.max(left - x, x - right, 0) * aspectRatio;
    return Math.hypot(beside, Math.max(top - y, y - bottom, 0)) <= nearHeights * boxHeight;
  };
  return {
    take: (glimpse) => {
      if (glimpse.mediaTimeMs < nextMs || !isNear(glimpse)) return;
      nextMs = glimpse.mediaTimeMs + everyMs;
      heights.push(glimpse.boxHeight);
      if (heights.length > mostHeights) heights.shift();
    },
    typical: () => {
      const sorted = [...heights].sort((a, b) => a - b);
      return sorted[Math.floor(sorted.length * 0.75)] ?? usualHeight;
    },
  };
}
