/**
 * The rules of one camera, as the operator draws them, as they travel (retained, versioned) from collector to edge,
 * and as they stand in a rules file. Distances are in box heights or in fractions of the picture's height, times in seconds.
 */
import { type Static, Type } from 'typebox';
import { Id } from './id.ts';
import { Point } from './shape.ts';

const closed = { additionalProperties: false } as const;

export const Severity = Type.Union([
  Type.Literal('information'),
  Type.Literal('warning'),
  Type.Literal('emergency'),
]);
export type Severity = Static<typeof Severity>;

/** What the lane's speaker says: a text to be spoken, or a recording of the library by its name. */
export const Announcement = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('speech'),
      text: Type.String({ minLength: 1, maxLength: 300 }),
      language: Type.Union([Type.Literal('zh-CN'), Type.Literal('en')]),
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal('recording'), name: Id }, closed),
]);
export type Announcement = Readonly<Static<typeof Announcement>>;

/** What the centre does when the rule fires. Repeats within the cooldown join the alarm that stands. */
export const RuleResponse = Type.Object(
  {
    severity: Type.Optional(Severity),
    cooldownSeconds: Type.Optional(Type.Number({ minimum: 0, maximum: 3600 })),
    announcement: Type.Optional(Announcement),
  },
  closed,
);
export type RuleResponse = Readonly<Static<typeof RuleResponse>>;

const filters = {
  ruleId: Id,
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
  /** Labels that count; the default is `person` alone. */
  labels: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 40 }), { minItems: 1 })),
  leastConfidence: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  leastBoxHeight: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  mostBoxHeight: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  response: Type.Optional(RuleResponse),
};

export const Direction = Type.Union([
  Type.Literal('a-to-b'),
  Type.Literal('b-to-a'),
  Type.Literal('both'),
]);
export type Direction = Static<typeof Direction>;

/** A drawn line of two or more points. Side A is on the left hand when going from the first point to the last. */
export const Tripwire = Type.Object(
  {
    ...filters,
    points: Type.Array(Point, { minItems: 2, maxItems: 20 }),
    direction: Type.Optional(Direction),
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

/** An area; entering and leaving are reported, and with `dwellSeconds` also staying. */
export const Zone = Type.Object(
  {
    ...filters,
    points: Type.Array(Point, { minItems: 3, maxItems: 40 }),
    dwellSeconds: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 86400 })),
    settleSeconds: Type.Optional(Type.Number({ minimum: 0, maximum: 10 })),
    /** Entering and leaving are reported unless this is false; dwelling is reported whenever it is asked for. */
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

/** All rules of one camera. */
export const CameraRules = Type.Object(
  {
    schemaVersion: Type.Literal(1),
    tripwires: Type.Optional(Type.Array(Tripwire, { maxItems: 50 })),
    zones: Type.Optional(Type.Array(Zone, { maxItems: 50 })),
    watchPoints: Type.Optional(Type.Array(WatchPoint, { maxItems: 50 })),
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

export type AnyRule = Tripwire | Zone | WatchPoint;

/** Every rule of a camera in one list. */
export function allRules(rules: CameraRules): readonly AnyRule[] {
  return [...(rules.tripwires ?? []), ...(rules.zones ?? []), ...(rules.watchPoints ?? [])];
}
