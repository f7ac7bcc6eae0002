/** What is likely to go wrong with a rule as it is drawn. Pure. The centre refuses what could never work. */
import type { PrivacyMask, Tripwire } from '../../contract/rule.ts';
import {
  crossesItself,
  distance,
  isWithin,
  lengthOf,
  moved,
  nearestSegment,
  opposite,
  type Size,
  type Spot,
  segmentsOf,
  toSpot,
  wireMiddle,
} from '../picture/picture-geometry.ts';
import {
  type Drawn,
  type DrawnRule,
  defaultDeadBandHeights,
  pointsOf,
  type RulePoint,
} from './drawn-rule.ts';

export type DrawingWarning =
  | 'near-edge'
  | 'second-near-edge'
  | 'rate-too-low'
  | 'too-short'
  | 'too-small'
  | 'wider-than-lane'
  | 'hidden'
  | 'crossing-itself'
  | 'outline-crossing'
  | 'no-name';

/** Somebody who was seen on this camera; the height is a fraction of the picture's. */
export type SeenPerson = Readonly<{ footPoint: RulePoint; height: number }>;

/** What the picture is like in which the rule is drawn. */
export type Surroundings = Readonly<{
  aspectRatio: number;
  /** What a person measures where nobody has been seen. */
  personHeight: number;
  people?: readonly SeenPerson[];
  /** Outlines of what is blacked out. */
  masks?: readonly (readonly RulePoint[])[];
  /** Absent while the camera is not analysed. */
  analysedPerSecond?: number;
}>;

/** Running, in body heights a second. */
const runningHeights = 2.5;
/** A lane of four metres beside people of 1.7. */
const laneHeights = 2.4;
/** Where a side is clear: beyond the band by this, in body heights. */
const clearHeights = 0.2;

export function drawingWarnings(
  drawn: Drawn,
  surroundings: Surroundings,
): readonly DrawingWarning[] {
  if (drawn.kind === 'mask') return maskWarnings(drawn.rule);
  const size = { width: surroundings.aspectRatio, height: 1 };
  const height = heightNear(drawn, surroundings);
  const spots = pointsOf(drawn).map((point) => toSpot(point, size));
  const found: DrawingWarning[] = [];
  if (drawn.kind === 'tripwire') {
    found.push(...roomWarnings(drawn.rule, size, height, surroundings.analysedPerSecond));
    if (lengthOf(spots) < height / 2) found.push('too-short');
  }
  if (isTooSmall(drawn, spots, height)) found.push('too-small');
  if (drawn.kind === 'watch-point' && 2 * drawn.rule.radiusOfHeight > laneHeights * height)
    found.push('wider-than-lane');
  if (isHidden(drawn, size, surroundings.masks ?? [])) found.push('hidden');
  if (drawn.kind === 'tripwire' && crossesItself(spots, false)) found.push('crossing-itself');
  if (drawn.kind === 'zone' && crossesItself(spots, true)) found.push('outline-crossing');
  if (drawn.rule.name === undefined) found.push('no-name');
  return found;
}

/** Of a mask: only what would be refused. */
function maskWarnings({ points }: PrivacyMask): readonly DrawingWarning[] {
  const spots = points.map((point) => toSpot(point, { width: 1, height: 1 }));
  return crossesItself(spots, true) ? ['outline-crossing'] : [];
}

/** The median of those who were seen within two body heights of the shape's points. */
function heightNear(
  drawn: DrawnRule,
  { aspectRatio, personHeight, people = [] }: Surroundings,
): number {
  const size = { width: aspectRatio, height: 1 };
  const shape = pointsOf(drawn).map((point) => toSpot(point, size));
  const near = people.filter(({ footPoint, height }) => {
    const foot = toSpot(footPoint, size);
    const away =
      shape.length > 1
        ? nearestSegment(shape, foot, drawn.kind === 'zone')?.distance
        : distance(shape[0] ?? foot, foot);
    return (away ?? Number.POSITIVE_INFINITY) <= 2 * height;
  });
  const heights = near.map(({ height }) => height).sort((a, b) => a - b);
  return heights[Math.floor(heights.length / 2)] ?? personHeight;
}

/** Somebody who runs has to be seen once on either side, clearly beyond the band, before the picture ends. */
function roomWarnings(
  { points, secondWire, deadBandHeights = defaultDeadBandHeights }: Tripwire,
  size: Size,
  height: number,
  analysedPerSecond: number | undefined,
): readonly DrawingWarning[] {
  const first = points.map((point) => toSpot(point, size));
  const second = (secondWire?.points ?? []).map((point) => toSpot(point, size));
  const settled = deadBandHeights * height + 0.02;
  const stride = analysedPerSecond ? (runningHeights / analysedPerSecond) * height : 0;
  const seenOnce = (deadBandHeights + clearHeights) * height + stride;
  const isCramped = isNearEdge(first, size, settled);
  const isSlow = stride > 0 && !isCramped && isNearEdge(first, size, seenOnce);
  return [
    ...(isCramped ? (['near-edge'] as const) : []),
    ...(isSlow ? (['rate-too-low'] as const) : []),
    ...(isNearEdge(second, size, settled) ? (['second-near-edge'] as const) : []),
  ];
}

/** True when half of the places along the shape, or more, are blacked out. */
function isHidden(drawn: DrawnRule, size: Size, masks: readonly (readonly RulePoint[])[]): boolean {
  const outlines = masks.map((mask) => mask.map((point) => toSpot(point, size)));
  const shape = pointsOf(drawn).map((point) => toSpot(point, size));
  const places = segmentsOf(shape, drawn.kind === 'zone').flatMap(([a, b]) =>
    Array.from({ length: 9 }, (_, at) => between(a, b, (at + 0.5) / 9)),
  );
  const looked = places.length === 0 ? shape : places;
  const dark = looked.filter((spot) => outlines.some((outline) => isWithin(outline, spot)));
  return dark.length > 0 && dark.length >= looked.length / 2;
}

function between(a: Spot, b: Spot, share: number): Spot {
  return { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
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
