/**
 * The rules of one camera, as the operator draws them, as they travel (retained, versioned) from collector to edge,
 * and as they stand in a rules file. Distances are in box heights or in fractions of the picture's height, times in seconds.
 */
import { type Static, Type } from 'typebox';
import { Id } from './id.ts';
import { RuleResponse } from './rule-response.ts';
import { Schedule } from './schedule.ts';
import { Point } from './shape.ts';

const closed = { additionalProperties: false } as const;

/** What a street camera's rules are drawn for, under the names that COCO gives them; a rule may name others too. */
export const streetLabels = [
  'person',
  'bicycle',
  'motorcycle',
  'car',
  'bus',
  'truck',
  'dog',
] as const;

/** What a rule counts when it names nothing. */
const defaultLabels: readonly string[] = ['person'];

const filters = {
  ruleId: Id,
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
  /** Labels that count; the default is `person` alone. */
  labels: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 40 }), { minItems: 1 })),
  /** When the rule is in force; always, without it. */
  schedule: Type.Optional(Schedule),
  leastConfidence: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  leastBoxHeight: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  mostBoxHeight: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  /** False when no video clip is to be kept of its events, where the camera keeps any; they are, unless told. */
  clip: Type.Optional(Type.Boolean()),
  response: Type.Optional(RuleResponse),
};

export const Direction = Type.Union([
  Type.Literal('a-to-b'),
  Type.Literal('b-to-a'),
  Type.Literal('both'),
]);
export type Direction = Static<typeof Direction>;

const wirePoints = Type.Array(Point, { minItems: 2, maxItems: 20 });

/**
 * The second wire of two in order. The rule fires as it is crossed, by the person that crossed the first wire at least
 * `leastSeconds` (default 0) and at most `mostSeconds` (default 60) before.
 */
const SecondWire = Type.Object(
  {
    points: wirePoints,
    direction: Type.Optional(Direction),
    leastSeconds: Type.Optional(Type.Number({ minimum: 0, maximum: 3600 })),
    mostSeconds: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 3600 })),
  },
  closed,
);
export const defaultMostSeconds = 60;
/** Passes of one person at a watch point count together for so long. */
export const defaultWindowSeconds = 600;

/** A drawn line of two or more points. Side A is on the left hand when going from the first point to the last. */
export const Tripwire = Type.Object(
  {
    ...filters,
    points: wirePoints,
    direction: Type.Optional(Direction),
    /** With it the first wire alone says nothing; preset and band are those of both. */
    secondWire: Type.Optional(SecondWire),
    preset: Type.Optional(
      Type.Union([Type.Literal('loose'), Type.Literal('balanced'), Type.Literal('strict')]),
    ),
    /** Half width of the band on both sides of the wire in which nobody counts as settled, in box heights. */
    deadBandHeights: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
    settleSeconds: Type.Optional(Type.Number({ minimum: 0, maximum: 5 })),
  },
  closed,
);
export type Tripwire = Readonly<Static<typeof Tripwire>>;

/** An area; entering and leaving are reported, and what else is asked for. */
export const Zone = Type.Object(
  {
    ...filters,
    points: Type.Array(Point, { minItems: 3, maxItems: 40 }),
    /** Somebody has stayed for so long. */
    dwellSeconds: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 86400 })),
    /** The place has not been empty for so long, whoever was there. */
    occupiedSeconds: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 86400 })),
    /** So many are there at once, and have been for `crowdSeconds` (default 5). */
    crowdCount: Type.Optional(Type.Integer({ minimum: 2, maximum: 100 })),
    crowdSeconds: Type.Optional(Type.Number({ minimum: 0, maximum: 3600 })),
    settleSeconds: Type.Optional(Type.Number({ minimum: 0, maximum: 10 })),
    /** Entering and leaving are reported unless this is false; the others are reported whenever they are asked for. */
    reportsPassage: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type Zone = Readonly<Static<typeof Zone>>;

/** A circle on the ground; the same person passing it `passes` times within the window is loitering. */
export const WatchPoint = Type.Object(
  {
    ...filters,
    centre: Point,
    /** Radius as a fraction of the picture's height, in square pixels. */
    radiusOfHeight: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
    passes: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })),
    windowSeconds: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 86400 })),
  },
  closed,
);
export type WatchPoint = Readonly<Static<typeof WatchPoint>>;

/** A single rule with its kind. */
export const OneRule = Type.Union([
  Type.Object({ kind: Type.Literal('tripwire'), tripwire: Tripwire }, closed),
  Type.Object({ kind: Type.Literal('zone'), zone: Zone }, closed),
  Type.Object({ kind: Type.Literal('watch-point'), watchPoint: WatchPoint }, closed),
]);
export type OneRule = Readonly<Static<typeof OneRule>>;

/**
 * An area that nobody may see: blacked out before anything looks at the picture, in snapshots and in the live view too.
 * It is no rule, but it is drawn, named and sent among them.
 */
const PrivacyMask = Type.Object(
  {
    ruleId: Id,
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
    points: Type.Array(Point, { minItems: 3, maxItems: 40 }),
  },
  closed,
);
export type PrivacyMask = Readonly<Static<typeof PrivacyMask>>;

/** All rules of one camera. */
export const CameraRules = Type.Object(
  {
    schemaVersion: Type.Literal(1),
    tripwires: Type.Optional(Type.Array(Tripwire, { maxItems: 50 })),
    zones: Type.Optional(Type.Array(Zone, { maxItems: 50 })),
    watchPoints: Type.Optional(Type.Array(WatchPoint, { maxItems: 50 })),
    privacyMasks: Type.Optional(Type.Array(PrivacyMask, { maxItems: 50 })),
  },
  closed,
);
export type CameraRules = Readonly<Static<typeof CameraRules>>;

/** The rules as the collector retains them for a camera; the version grows with every save. */
export const VersionedRules = Type.Object({
  cameraId: Id,
  rulesVersion: Type.Integer({ minimum: 1 }),
  rules: CameraRules,
});
export type VersionedRules = Readonly<Static<typeof VersionedRules>>;

/** As if it were the camera's only rule. */
export function rulesOf(one: OneRule): CameraRules {
  switch (one.kind) {
    case 'tripwire':
      return { schemaVersion: 1, tripwires: [one.tripwire] };
    case 'zone':
      return { schemaVersion: 1, zones: [one.zone] };
    case 'watch-point':
      return { schemaVersion: 1, watchPoints: [one.watchPoint] };
    default:
      return one satisfies never;
  }
}

export type AnyRule = Tripwire | Zone | WatchPoint;

/** Every rule of a camera in one list; masks are none. */
export function allRules(rules: CameraRules): readonly AnyRule[] {
  return [...(rules.tripwires ?? []), ...(rules.zones ?? []), ...(rules.watchPoints ?? [])];
}

/** Which labels a rule counts. */
export function labelsOf(rule: AnyRule): readonly string[] {
  return rule.labels ?? defaultLabels;
}
