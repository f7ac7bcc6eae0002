/** What a webhook should have been told and did not take within the time, as an administrator sees it. */
import { type Static, Type } from 'typebox';
import { Id } from './id.ts';

const EpochMs = Type.Integer({ minimum: 0 });

export const GivenUpDelivery = Type.Object({
  deliveryId: Type.String(),
  webhookId: Id,
  /** The kind of the message. */
  kind: Type.String(),
  /** What it is about: `alarm` or `camera` with the id, and so on. */
  subject: Type.String(),
  /** Since when it waited, or waits anew. */
  createdAtMs: EpochMs,
  givenUpAtMs: EpochMs,
  attempts: Type.Integer({ minimum: 0 }),
});
export type GivenUpDelivery = Readonly<Static<typeof GivenUpDelivery>>;
