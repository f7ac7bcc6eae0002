/** What an event says when its times may be wrong. */
import { type Static, Type } from 'typebox';

/**
 * The times of the event may be wrong. `jumped`: the edge's clock was set not long before or after; `implausible`: it stood
 * at a date that cannot be; `differs`, said by the centre: it is not the centre's time.
 */
export const ClockSuspect = Type.Object({
  why: Type.Union([Type.Literal('jumped'), Type.Literal('implausible'), Type.Literal('differs')]),
  /** How far the event's times are ahead, or were set ahead; negative when they are behind. */
  aheadMs: Type.Optional(
    Type.Integer({ minimum: -8_640_000_000_000_000, maximum: 8_640_000_000_000_000 }),
  ),
});
export type ClockSuspect = Readonly<Static<typeof ClockSuspect>>;
