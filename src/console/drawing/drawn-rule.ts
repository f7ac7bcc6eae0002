/**
 * A camera's rules as the drawing page handles them: one list of all kinds, in the order of drawing. Pure.
 * All coordinates are fractions of the picture, as in the contract.
 */
import type {
  CameraRules,
  OneRule,
  PrivacyMask,
  Tripwire,
  WatchPoint,
  Zone,
} from '../../contract/rule.ts';
import type { RuleResponse } from '../../contract/rule-response.ts';
import {
  nearestSegment,
  type Size,
  type Spot,
  toPoint,
  toSpot,
} from '../picture/picture-geometry.ts';

export type DrawnRule =
  | Readonly<{ kind: 'tripwire'; rule: Tripwire }>
  | Readonly<{ kind: 'zone'; rule: Zone }>
  | Readonly<{ kind: 'watch-point'; rule: WatchPoint }>;

/** A privacy mask is no rule, and is drawn, moved and named as they are. */
export type Drawn = DrawnRule | Readonly<{ kind: 'mask'; rule: PrivacyMask }>;

export type DrawnKind = Drawn['kind'];
export type RulePoint = Tripwire['points'][number];

export const defaultDeadBandHeights = 0.1;
export const defaultRadiusOfHeight = 0.08;

export function toDrawn(rules: CameraRules): readonly Drawn[] {
  return [
    ...(rules.tripwires ?? []).map((rule) => ({ kind: 'tripwire' as const, rule })),
    ...(rules.zones ?? []).map((rule) => ({ kind: 'zone' as const, rule })),
    ...(rules.watchPoints ?? []).map((rule) => ({ kind: 'watch-point' as const, rule })),
    ...(rules.privacyMasks ?? []).map((rule) => ({ kind: 'mask' as const, rule })),
  ];
}

export function toCameraRules(drawn: readonly Drawn[]): CameraRules {
  return {
    schemaVersion: 1,
    tripwires: drawn.flatMap((one) => (one.kind === 'tripwire' ? [one.rule] : [])),
    zones: drawn.flatMap((one) => (one.kind === 'zone' ? [one.rule] : [])),
    watchPoints: drawn.flatMap((one) => (one.kind === 'watch-point' ? [one.rule] : [])),
    privacyMasks: drawn.flatMap((one) => (one.kind === 'mask' ? [one.rule] : [])),
  };
}

/** A single rule as the contract has it. */
export function toOneRule(drawn: DrawnRule): OneRule {
  switch (drawn.kind) {
    case 'tripwire':
      return { kind: drawn.kind, tripwire: drawn.rule };
    case 'zone':
      return { kind: drawn.kind, zone: drawn.rule };
    case 'watch-point':
      return { kind: drawn.kind, watchPoint: drawn.rule };
    default:
      return drawn satisfies never;
  }
}

/** The first free `tripwire-1`, `tripwire-2`, ...: it stays with the rule for ever, whatever its name becomes. */
export function freeRuleId(kind: DrawnKind, drawn: readonly Drawn[]): string {
  const taken = new Set(drawn.map((one) => one.rule.ruleId));
  let number = 1;
  while (taken.has(`${kind}-${number}`)) number += 1;
  return `${kind}-${number}`;
}

/** A fresh rule of the given kind; `points` are a wire's, a zone's corners, or a watch point's centre. */
export function newRule(
  kind: DrawnRule['kind'],
  ruleId: string,
  points: readonly RulePoint[],
  radiusOfHeight?: number,
): DrawnRule;
export function newRule(
  kind: DrawnKind,
  ruleId: string,
  points: readonly RulePoint[],
  radiusOfHeight?: number,
): Drawn;
export function newRule(
  kind: DrawnKind,
  ruleId: string,
  points: readonly RulePoint[],
  radiusOfHeight = defaultRadiusOfHeight,
): Drawn {
  const response: RuleResponse = { severity: 'warning', cooldownSeconds: 30 };
  switch (kind) {
    case 'tripwire':
      return { kind, rule: { ruleId, points: [...points], direction: 'both', response } };
    case 'zone':
      return {
        kind,
        rule: { ruleId, points: [...points], dwellSeconds: 30, reportsPassage: false, response },
      };
    case 'mask':
      return { kind, rule: { ruleId, points: [...points] } };
    case 'watch-point':
      return {
        kind,
        rule: {
          ruleId,
          centre: points[0] ?? [0.5, 0.5],
          radiusOfHeight,
          passes: 3,
          windowSeconds: 600,
          response,
        },
      };
    default:
      return kind satisfies never;
  }
}

/** A wire's or a zone's points; a watch point's centre alone. */
export function pointsOf(drawn: Drawn): readonly RulePoint[] {
  return drawn.kind === 'watch-point' ? [drawn.rule.centre] : drawn.rule.points;
}

function withPoints(drawn: Drawn, points: readonly RulePoint[]): Drawn {
  switch (drawn.kind) {
    case 'tripwire':
      return { ...drawn, rule: { ...drawn.rule, points: [...points] } };
    case 'zone':
      return { ...drawn, rule: { ...drawn.rule, points: [...points] } };
    case 'mask':
      return { ...drawn, rule: { ...drawn.rule, points: [...points] } };
    case 'watch-point':
      return { ...drawn, rule: { ...drawn.rule, centre: points[0] ?? drawn.rule.centre } };
    default:
      return drawn satisfies never;
  }
}

export function withMovedPoint(drawn: Drawn, index: number, to: RulePoint): Drawn {
  return withPoints(
    drawn,
    pointsOf(drawn).map((point, at) => (at === index ? to : point)),
  );
}

/** Moves the whole shape by fractions of the picture, no farther than the picture's edges; a second wire goes with its first. */
export function withMovedShape(drawn: Drawn, dx: number, dy: number): Drawn {
  const second = drawn.kind === 'tripwire' ? drawn.rule.secondWire : undefined;
  const all = [...pointsOf(drawn), ...(second?.points ?? [])];
  const held = (by: number, values: readonly number[]): number =>
    Math.min(1 - Math.max(...values), Math.max(-Math.min(...values), by));
  const byX = held(
    dx,
    all.map(([x]) => x),
  );
  const byY = held(
    dy,
    all.map(([, y]) => y),
  );
  const unit = { width: 1, height: 1 };
  const moved = (points: readonly RulePoint[]): RulePoint[] =>
    points.map(([x, y]) => toPoint({ x: x + byX, y: y + byY }, unit));
  const there = withPoints(drawn, moved(pointsOf(drawn)));
  if (there.kind !== 'tripwire' || second === undefined) return there;
  const secondWire = { ...second, points: moved(second.points) };
  return { ...there, rule: { ...there.rule, secondWire } };
}

const mostPoints: Readonly<Record<DrawnKind, number>> = {
  tripwire: 20,
  zone: 40,
  mask: 40,
  'watch-point': 1,
};
export const leastPoints: Readonly<Record<DrawnKind, number>> = {
  tripwire: 2,
  zone: 3,
  mask: 3,
  'watch-point': 1,
};

export function mayTakePoint(kind: DrawnKind, count: number): boolean {
  return count < mostPoints[kind];
}

/** Puts a point into the segment that lies nearest to it; leaves the rule as it is when it has as many as it may. */
export function withInsertedPoint(drawn: Drawn, spot: Spot, size: Size): Drawn {
  const points = pointsOf(drawn);
  const spots = points.map((point) => toSpot(point, size));
  const nearest = nearestSegment(spots, spot, isArea(drawn.kind));
  if (nearest === undefined || !mayTakePoint(drawn.kind, points.length)) return drawn;
  return withPoints(drawn, points.toSpliced(nearest.index + 1, 0, toPoint(spot, size)));
}

/** Its outline closes by itself. */
export function isArea(kind: DrawnKind): boolean {
  return kind === 'zone' || kind === 'mask';
}

/** Leaves the rule as it is when it has no point to spare. */
export function withoutPoint(drawn: Drawn, index: number): Drawn {
  const points = pointsOf(drawn);
  return points.length <= leastPoints[drawn.kind]
    ? drawn
    : withPoints(drawn, points.toSpliced(index, 1));
}

export function withRadius(drawn: Drawn, radiusOfHeight: number): Drawn {
  if (drawn.kind !== 'watch-point') return drawn;
  const held = Math.min(1, Math.max(0.01, Math.round(radiusOfHeight * 1000) / 1000));
  return { ...drawn, rule: { ...drawn.rule, radiusOfHeight: held } };
}
