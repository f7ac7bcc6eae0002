/** What an edge says about itself: status (retained, last will), health (every few seconds), and what the collector answers. */
import { type Static, Type } from 'typebox';
import { EventId, Id } from './id.ts';
import { ReplayRule } from './rule-replay.ts';

/** As far as a date goes; a number beyond what is counted exactly could be stored and never read again. */
const EpochMs = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 });

/** Retained; the last will carries the same `bootId` with `online: false`, so a stale will of an earlier life is known. */
export const EdgeStatus = Type.Object({
  edgeId: Id,
  bootId: Type.String(),
  online: Type.Boolean(),
  sinceMs: EpochMs,
});
export type EdgeStatus = Readonly<Static<typeof EdgeStatus>>;

export const CameraState = Type.Union([
  Type.Literal('connecting'),
  Type.Literal('live'),
  /** Pictures come, but many of them are damaged and left out. */
  Type.Literal('degraded'),
  Type.Literal('stalled'),
  Type.Literal('auth-failed'),
  Type.Literal('offline'),
]);
export type CameraState = Static<typeof CameraState>;

export function givesPictures(state: CameraState): boolean {
  return state === 'live' || state === 'degraded';
}

/** A rule that the camera's analysis is too slow for: some of what it is there for may be missed. */
export const DegradedRule = Type.Object({
  ruleId: Id,
  /** Analysed pictures a second that the rule needs, from its own shape and the people seen there. */
  neededPerSecond: Type.Number(),
  /** One sentence for the technician. */
  reason: Type.String(),
  sinceMs: EpochMs,
});
export type DegradedRule = Readonly<Static<typeof DegradedRule>>;

/** Which rules a camera runs, and why the last ones it was sent were refused, if they were. */
export const RulesReport = Type.Object({
  /** 0 when the rules come from a file on the edge or when there are none yet. */
  appliedVersion: Type.Integer({ minimum: 0 }),
  refused: Type.Optional(Type.Object({ version: Type.Integer(), reason: Type.String() })),
});
export type RulesReport = Readonly<Static<typeof RulesReport>>;

export const CameraHealth = Type.Object({
  cameraId: Id,
  name: Type.String(),
  state: CameraState,
  /** One sentence for the technician when the state is neither `live` nor `connecting`. */
  reason: Type.Optional(Type.String()),
  stateSinceMs: EpochMs,
  /** What is amiss though pictures come: one sentence each for the technician. */
  warnings: Type.Optional(Type.Array(Type.String())),
  /** Age of the newest frame; absent before the first. */
  frameAgeMs: Type.Optional(Type.Number()),
  analysedPerSecond: Type.Number(),
  /** Absent when every rule gets the rate that it needs. */
  degradedRules: Type.Optional(Type.Array(DegradedRule)),
  width: Type.Optional(Type.Integer()),
  height: Type.Optional(Type.Integer()),
  rules: RulesReport,
});
export type CameraHealth = Readonly<Static<typeof CameraHealth>>;

export const EdgeHealth = Type.Object({
  edgeId: Id,
  bootId: Type.String(),
  atMs: EpochMs,
  cameras: Type.Array(CameraHealth),
  outboxRows: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  inferenceMs: Type.Optional(Type.Number()),
  /** One sentence while the box cannot keep all that it should; absent when all is well. */
  storageFault: Type.Optional(Type.String({ maxLength: 300 })),
  /** Until when the certificate is good by which the box knows its broker; absent without TLS. */
  certificateEndsAtMs: Type.Optional(
    Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  ),
});
export type EdgeHealth = Readonly<Static<typeof EdgeHealth>>;

/** Collector to edge, after its own commit: these may leave the outbox. A refused event is quarantined, not resent. */
export const Ack = Type.Object({
  eventIds: Type.Array(EventId),
  snapshotIds: Type.Array(EventId),
  /** The collector has just begun to hear this edge: what the broker took before may have reached nobody. */
  beginsToHear: Type.Optional(Type.Literal(true)),
  /** How far each clip has come; one that is stored or refused is not sent again. */
  clips: Type.Optional(
    Type.Array(
      Type.Object({
        clipId: EventId,
        received: Type.Integer({ minimum: 0 }),
        state: Type.Union([
          Type.Literal('partial'),
          Type.Literal('stored'),
          Type.Literal('refused'),
        ]),
      }),
    ),
  ),
});
export type ClipProgress = Readonly<NonNullable<Static<typeof Ack>['clips']>[number]>;
export type Ack = Readonly<Static<typeof Ack>>;

/** Sequence numbers from the first to the last, both counted. */
export const SequenceRange = Type.Object({
  first: Type.Integer({ minimum: 1 }),
  last: Type.Integer({ minimum: 1 }),
});
export type SequenceRange = Readonly<Static<typeof SequenceRange>>;

export const mostRanges = 50;
export const mostMissing = 10_000;

/** Edge to collector: of the events that it was asked to send again it has not got these. */
export const MissingEvents = Type.Object({
  edgeId: Id,
  missing: Type.Array(
    Type.Object({
      ...SequenceRange.properties,
      /** `dropped` were counted in `events-dropped` already. */
      why: Type.Union([Type.Literal('dropped'), Type.Literal('not-there')]),
    }),
    { maxItems: mostMissing },
  ),
});
export type MissingEvents = Readonly<Static<typeof MissingEvents>>;

/** Half of all numbers: an edge that was moved there can still count for ever. */
export const furthestMove = 2 ** 52;

/** Collector to edge. */
const LiveFormat = Type.Union([Type.Literal('fmp4'), Type.Literal('mpeg1')]);

/** A warning is being said: does the person of this event leave? Answered with the event `warning-answered`. */
const WatchLeaving = Type.Object({
  kind: Type.Literal('watch-leaving'),
  eventId: EventId,
  cameraId: Id,
  ruleId: Id,
  trackId: Type.Integer({ minimum: 0 }),
  personId: Type.Integer({ minimum: 0 }),
  /** When the picture of the event was taken: track numbers of before a restart mean somebody else. */
  capturedAtMs: EpochMs,
  forSeconds: Type.Number({ exclusiveMinimum: 0, maximum: 300 }),
});
export type WatchLeaving = Readonly<Static<typeof WatchLeaving>>;

export const Command = Type.Union([
  Type.Object({
    kind: Type.Literal('start-live'),
    cameraId: Id,
    format: LiveFormat,
    /** Shown once as the bearer when the edge opens its live WebSocket to the collector. */
    ticket: Type.String({ minLength: 16, maxLength: 200 }),
  }),
  Type.Object({ kind: Type.Literal('stop-live'), cameraId: Id, format: LiveFormat }),
  /** Events with these numbers never came. */
  Type.Object({
    kind: Type.Literal('resend-events'),
    ranges: Type.Array(SequenceRange, { minItems: 1, maxItems: mostRanges }),
  }),
  /** The edge gave numbers twice: its next is to be above this one. */
  Type.Object({
    kind: Type.Literal('number-above'),
    sequence: Type.Integer({ minimum: 1, maximum: furthestMove }),
  }),
  WatchLeaving,
  ReplayRule,
]);
export type Command = Readonly<Static<typeof Command>>;

/** About one of its cameras. */
export type CameraCommand = Extract<Command, { cameraId: string }>;
