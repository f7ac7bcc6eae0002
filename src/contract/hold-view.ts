/** A recording that is kept beyond its time, as the HTTP interface shows it. */
import { type Static, Type } from 'typebox';
import { EventId, Id } from './id.ts';

export const HoldView = Type.Object({
  eventId: EventId,
  cameraId: Id,
  /** When the event was seen, and the alarm that it raised; both absent when the database was damaged and lost them. */
  capturedAtMs: Type.Optional(Type.Integer()),
  alarmId: Type.Optional(Type.String()),
  reason: Type.String(),
  by: Type.String(),
  atMs: Type.Integer(),
});
export type HoldView = Readonly<Static<typeof HoldView>>;
