/** What is likely to go wrong with a rule as it is drawn. Pure. The centre refuses what could never work. */
import {
  crossesItself,
  lengthOf,
  moved,
  opposite,
  type Size,
  type Spot,
  segmentsOf,
  toSpot,
  wireMiddle,
} from '../picture/picture-geometry.ts';
import { type DrawnRule, defaultDeadBandHeights, pointsOf } from './drawn-rule.ts';

export type DrawingWarning =
  | 'near-edge'
  | 'too-short'
  | 'too-small'
  | 'crossing-itself'
  | 'outline-crossing'
  | 'no-name';

/** `personHeight` is a fraction of the picture's height. */
export function drawingWarnings(
  drawn: DrawnRule,
  aspectRatio: number,
  personHeight: number,
): readonly DrawingWarning[] {
  const size = { width: aspectRatio, height: 1 };
  const spots = pointsOf(drawn).map((point) => toSpot(point, size));
  const found: DrawingWarning[] = [];
  if (drawn.kind === 'tripwire') {
    const settled = (drawn.rule.deadBandHeights ?? defaultDeadBandHeights) * personHeight + 0.02;
    if (isNearEdge(spots, size, settled)) found.push('near-edge');
    if (lengthOf(spots) < personHeight / 2) found.push('too-short');
  }
  if (isTooSmall(drawn, spots, personHeight)) found.push('too-small');
  if (drawn.kind === 'tripwire' && crossesItself(spots, false)) found.push('crossing-itself');
  if (drawn.kind === 'zone' && crossesItself(spots, true)) found.push('outline-crossing');
  if (drawn.rule.name === undefined) found.push('no-name');
  return found;
}

/** True when for half of the wire or more, one side has no room in the picture to settle in. */
function isNearEdge(spots: readonly Spot[], size: Size, needed: number): boolean {
  const segments = segmentsOf(spots);
  const cramped = segments.filter((segment) => {
    const middle = wireMiddle(segment);
    if (middle === undefined) return false;
    return [middle.towardsA, opposite(middle.towardsA)].some(
      (direction) => !isInside(moved(middle.at, direction, needed), size),
    );
  });
  return lengthOfAll(cramped) >= lengthOf(spots) / 2 && cramped.length > 0;
}

function lengthOfAll(segments: readonly (readonly [Spot, Spot])[]): number {
  return segments.reduce((sum, segment) => sum + lengthOf(segment), 0);
}

function isInside({ x, y }: Spot, size: Size): boolean {
  return x >= 0 && y >= 0 && x <= size.width && y <= size.height;
}

function isTooSmall(drawn: DrawnRule, spots: readonly Spot[], personHeight: number): boolean {
  switch (drawn.kind) {
    case 'watch-point':
      return drawn.rule.radiusOfHeight < personHeight / 5;
    case 'zone':
      return (
        Math.min(spread(spots.map(({ x }) => x)), spread(spots.map(({ y }) => y))) <
        personHeight / 4
      );
    case 'tripwire':
      return false;
    default:
      return drawn satisfies never;
  }
}

function spread(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}
