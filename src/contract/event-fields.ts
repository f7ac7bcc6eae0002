/** What every event carries, whatever its kind. */
import { Type } from 'typebox';
import { ClockSuspect } from './clock-suspect.ts';
import { EventId, Id } from './id.ts';

/** As far as a date goes; a number beyond what is counted exactly could be stored and never read again. */
export const EpochMs = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 });

/** Wall-clock times at which the event passed each stage, for measuring how long the picture takes to the operator. */
const StageTimes = Type.Object({
  detectedAtMs: Type.Optional(EpochMs),
  firedAtMs: Type.Optional(EpochMs),
  storedAtMs: Type.Optional(EpochMs),
  sentAtMs: Type.Optional(EpochMs),
});

export const everyEvent = {
  schemaVersion: Type.Literal(1),
  eventId: EventId,
  edgeId: Id,
  /** Counts from 1 without a gap on each edge and survives its restarts. */
  sequence: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  cameraId: Id,
  /** Wall clock of the frame that shows it. */
  capturedAtMs: EpochMs,
  /** Milliseconds since the first frame of the stream; never goes back. */
  mediaTimeMs: Type.Number({ minimum: 0 }),
  /** True when the event was older than 30 s when it was sent. */
  historical: Type.Boolean(),
  stageTimes: Type.Optional(StageTimes),
  clockSuspect: Type.Optional(ClockSuspect),
};

/** An event that says why in one sentence. */
export const reasoned = <Kind extends string>(kind: Kind) =>
  Type.Object({ kind: Type.Literal(kind), ...everyEvent, reason: Type.String({ maxLength: 300 }) });
