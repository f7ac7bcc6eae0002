/** For how long rules could not have fired, and why: by local day, camera, rule and reason. An edge counts, the centre keeps. */
import { type Static, Type } from 'typebox';
import { Id } from './id.ts';

export const BlindReason = Type.Union([
  /** No connection to the camera, or a refused password. */
  Type.Literal('offline'),
  /** The stream is open and no picture comes. */
  Type.Literal('stalled'),
  /** The box or the camera is starting: the model is loaded, the first picture awaited. */
  Type.Literal('starting'),
  /** The picture has another shape than the one the rules were drawn on. */
  Type.Literal('suspended'),
  /** Covered, turned away, out of focus, frozen or too dark. */
  Type.Literal('tampered'),
  /** The rule lies behind a privacy mask. */
  Type.Literal('masked'),
  /** Fewer pictures are analysed than the rule needs. */
  Type.Literal('rate'),
  /** The box was off. */
  Type.Literal('stopped'),
]);
export type BlindReason = Static<typeof BlindReason>;

export const BlindEntry = Type.Object({
  cameraId: Id,
  /** Absent for the camera as a whole. */
  ruleId: Type.Optional(Id),
  /** The local day, as 2026-11-24. */
  day: Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' }),
  reason: BlindReason,
  seconds: Type.Integer({ minimum: 0, maximum: 90_000 }),
});
export type BlindEntry = Readonly<Static<typeof BlindEntry>>;

/** Sums so far: a later message about the same day, rule and reason takes the place of the earlier. */
export const BlindReport = Type.Object({
  edgeId: Id,
  entries: Type.Array(BlindEntry, { maxItems: 5000 }),
});
export type BlindReport = Readonly<Static<typeof BlindReport>>;
