/**
 * "What would this rule have done?": asked of the edge that keeps the camera's tracks of the last 24 hours, answered with how
 * often, when and where. Nothing of it is kept.
 */
import { type Static, Type } from 'typebox';
import { EventId, Id } from './id.ts';
import { Direction, OneRule } from './rule.ts';
import { Point } from './shape.ts';

const EpochMs = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 });

export const ReplayRule = Type.Object({
  kind: Type.Literal('replay-rule'),
  requestId: EventId,
  cameraId: Id,
  rule: OneRule,
});
export type ReplayRule = Readonly<Static<typeof ReplayRule>>;

/** The newest so many firings are told one by one; the others are counted. */
export const mostToldFirings = 300;
const mostTrailPoints = 12;

export const WouldBeEvent = Type.Object({
  kind: Type.Union([
    Type.Literal('tripwire-crossed'),
    Type.Literal('zone-entered'),
    Type.Literal('zone-left'),
    Type.Literal('dwell-loitering'),
    Type.Literal('place-occupied'),
    Type.Literal('pass-loitering'),
    Type.Literal('crowd-gathered'),
  ]),
  atMs: EpochMs,
  footPoint: Point,
  /** Where the person had come from, oldest first. */
  trail: Type.Array(Point, { maxItems: mostTrailPoints }),
  direction: Type.Optional(Direction),
});
export type WouldBeEvent = Readonly<Static<typeof WouldBeEvent>>;

export const RuleReplay = Type.Object({
  /** When somebody was seen first and last within the stored hours; absent when nobody was. */
  seen: Type.Optional(Type.Object({ fromMs: EpochMs, toMs: EpochMs })),
  count: Type.Integer({ minimum: 0 }),
  /** Hours in which it would have fired, by their begin. */
  perHour: Type.Array(Type.Object({ fromMs: EpochMs, count: Type.Integer({ minimum: 1 }) }), {
    maxItems: 26,
  }),
  /** The newest last. */
  firings: Type.Array(WouldBeEvent, { maxItems: mostToldFirings }),
  /** What the edge needed for the answer. */
  tookMs: Type.Integer({ minimum: 0 }),
});
export type RuleReplay = Readonly<Static<typeof RuleReplay>>;

/** Edge to collector. */
export const RuleReplayed = Type.Object({
  edgeId: Id,
  requestId: EventId,
  outcome: Type.Union([
    Type.Object({ kind: Type.Literal('replayed'), replay: RuleReplay }),
    /** Others are being answered. */
    Type.Object({ kind: Type.Literal('busy') }),
    Type.Object({ kind: Type.Literal('failed'), reason: Type.String({ maxLength: 300 }) }),
  ]),
});
export type RuleReplayed = Readonly<Static<typeof RuleReplayed>>;

/** Every so manyth point, the last among them. */
export function thinTrail(trail: readonly Point[]): readonly Point[] {
  const every = Math.max(1, Math.ceil(trail.length / mostTrailPoints));
  return trail.filter((_, index) => (trail.length - 1 - index) % every === 0);
}
