/** The condition of the centre itself, as the console shows it. */
import { type Static, Type } from 'typebox';

export const CentreView = Type.Object({
  /** Its clock jumped so far that nothing is deleted until somebody says that it is right. */
  clockJump: Type.Optional(
    Type.Object({ fromMs: Type.Integer(), toMs: Type.Integer({ minimum: 0 }) }),
  ),
  /** Until when the certificate of the broker is good, as the centre sees it; absent without TLS. */
  certificateEndsAtMs: Type.Optional(Type.Integer()),
  /** Its database was found damaged and replaced by a new one, with so much carried over. */
  damage: Type.Optional(
    Type.Object({
      atMs: Type.Integer({ minimum: 0 }),
      reason: Type.String(),
      events: Type.Integer({ minimum: 0 }),
      alarms: Type.Integer({ minimum: 0 }),
    }),
  ),
});
export type CentreView = Readonly<Static<typeof CentreView>>;
