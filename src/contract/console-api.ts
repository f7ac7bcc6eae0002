/** The words between collector and console: what the HTTP interface answers and what the live feed carries. */
import { type Static, Type } from 'typebox';
import { CameraState, DegradedRule } from './edge-report.ts';
import { EventId, Id } from './id.ts';
import { CameraRules, OneRule } from './rule.ts';
import { LeavingOutcome, RuleEvent } from './rule-event.ts';
import { Severity } from './rule-response.ts';

const EpochMs = Type.Integer({ minimum: 0 });

export const AlarmState = Type.Union([
  Type.Literal('raised'),
  Type.Literal('acknowledged'),
  Type.Literal('closed'),
]);
export type AlarmState = Static<typeof AlarmState>;

export const CloseReason = Type.Union([
  Type.Literal('handled'),
  Type.Literal('false-alarm'),
  Type.Literal('known-person'),
  Type.Literal('other'),
]);
export type CloseReason = Static<typeof CloseReason>;

export const AnnouncementState = Type.Union([
  Type.Literal('queued'),
  Type.Literal('speaking'),
  Type.Literal('sent'),
  Type.Literal('answered'),
  Type.Literal('played'),
  Type.Literal('busy'),
  Type.Literal('refused'),
  Type.Literal('unreachable'),
  Type.Literal('expired'),
  /** Kept back on purpose: quiet hours, or the same was just said. */
  Type.Literal('withheld'),
  Type.Literal('failed'),
]);
export type AnnouncementState = Static<typeof AnnouncementState>;

export const AnnouncementView = Type.Object({
  announcementId: Type.String(),
  speakerId: Id,
  state: AnnouncementState,
  /** What was said, as text or as the recording's name. */
  wording: Type.String(),
  atMs: EpochMs,
  reason: Type.Optional(Type.String()),
});
export type AnnouncementView = Readonly<Static<typeof AnnouncementView>>;

/** An announcement by itself, with the alarm that it was made for. */
export const AnnouncementRecord = Type.Object({
  ...AnnouncementView.properties,
  alarmId: Type.String(),
  cameraId: Id,
});
export type AnnouncementRecord = Readonly<Static<typeof AnnouncementRecord>>;

/** Why the edge did not tell what the person did. */
export const NoAnswer = Type.Union([
  Type.Literal('box-restarted'),
  Type.Literal('box-offline'),
  Type.Literal('box-silent'),
]);
export type NoAnswer = Static<typeof NoAnswer>;

/** What the street did after the alarm's own announcement. */
export const WarningView = Type.Object({
  outcome: LeavingOutcome,
  afterSeconds: Type.Number({ minimum: 0 }),
  reason: Type.Optional(Type.String()),
  /** With `unknown`: nobody answered. An answer that comes after all takes its place. */
  noAnswer: Type.Optional(NoAnswer),
  /** True when the alarm was made more severe and called again because of it. */
  escalated: Type.Optional(Type.Boolean()),
});
export type WarningView = Readonly<Static<typeof WarningView>>;

export const AlarmView = Type.Object({
  alarmId: Type.String(),
  state: AlarmState,
  severity: Severity,
  edgeId: Id,
  cameraId: Id,
  cameraName: Type.String(),
  ruleName: Type.String(),
  raisedAtMs: EpochMs,
  /** The event that raised it, and how many more joined it during the cooldown. */
  event: RuleEvent,
  repeats: Type.Integer({ minimum: 0 }),
  /** True when the event arrived late: filed, never popped up nor spoken. */
  late: Type.Boolean(),
  /** The rule as it stood when it fired, for drawing. */
  rule: Type.Optional(OneRule),
  hasSnapshot: Type.Boolean(),
  hasClip: Type.Optional(Type.Boolean()),
  /** Kept beyond its time, until somebody releases it. */
  hold: Type.Optional(Type.Object({ reason: Type.String(), by: Type.String(), atMs: EpochMs })),
  acknowledgedAtMs: Type.Optional(EpochMs),
  acknowledgedBy: Type.Optional(Type.String()),
  closedAtMs: Type.Optional(EpochMs),
  closedBy: Type.Optional(Type.String()),
  closeReason: Type.Optional(CloseReason),
  closeNote: Type.Optional(Type.String()),
  announcement: Type.Optional(AnnouncementView),
  warning: Type.Optional(WarningView),
});
export type AlarmView = Readonly<Static<typeof AlarmView>>;

export const CameraView = Type.Object({
  cameraId: Id,
  edgeId: Id,
  name: Type.String(),
  lane: Type.Optional(Type.String()),
  community: Type.Optional(Type.String()),
  grid: Type.Optional(Type.String()),
  speakerId: Type.Optional(Id),
  state: CameraState,
  reason: Type.Optional(Type.String()),
  stateSinceMs: EpochMs,
  analysedPerSecond: Type.Number(),
  width: Type.Optional(Type.Integer()),
  height: Type.Optional(Type.Integer()),
  /** Version saved at the centre (0: none yet), version the edge runs, and a refusal if there was one. */
  savedRulesVersion: Type.Integer(),
  appliedRulesVersion: Type.Integer(),
  degradedRules: Type.Optional(Type.Array(DegradedRule)),
  refusedRules: Type.Optional(Type.Object({ version: Type.Integer(), reason: Type.String() })),
  /** Its edge has it no longer; it is offline, and shown only where the centre's configuration still names it. */
  removed: Type.Optional(Type.Literal(true)),
});
export type CameraView = Readonly<Static<typeof CameraView>>;

export const EdgeView = Type.Object({
  edgeId: Id,
  online: Type.Boolean(),
  sinceMs: EpochMs,
  outboxRows: Type.Integer(),
  /** One sentence while the box cannot keep all that it should. */
  storageFault: Type.Optional(Type.String()),
  /** Until when the certificate is good by which the box knows its broker. */
  certificateEndsAtMs: Type.Optional(Type.Integer()),
});
export type EdgeView = Readonly<Static<typeof EdgeView>>;

/** `unproven`: nothing speaks against it, but it has no way to answer; `unknown` until it was looked at. */
export const SpeakerState = Type.Union([
  Type.Literal('unknown'),
  Type.Literal('ready'),
  Type.Literal('unproven'),
  Type.Literal('unreachable'),
  Type.Literal('refused'),
]);
export type SpeakerState = Static<typeof SpeakerState>;

export const SpeakerView = Type.Object({
  speakerId: Id,
  name: Type.String(),
  driver: Type.String(),
  state: SpeakerState,
  reason: Type.Optional(Type.String()),
  stateSinceMs: EpochMs,
  /** When it last answered, or somebody last confirmed to have heard it. */
  provenAtMs: Type.Optional(EpochMs),
  /** True when it has not proven itself for a day. */
  isOverdue: Type.Boolean(),
  /** An operator can speak through it. */
  takesLive: Type.Boolean(),
  speaking: Type.Union([
    Type.Literal('nothing'),
    Type.Literal('announcement'),
    Type.Literal('live'),
  ]),
  waiting: Type.Integer({ minimum: 0 }),
});
export type SpeakerView = Readonly<Static<typeof SpeakerView>>;

export const RulesView = Type.Object({
  cameraId: Id,
  rulesVersion: Type.Integer({ minimum: 0 }),
  rules: CameraRules,
});
export type RulesView = Readonly<Static<typeof RulesView>>;

/** So often the live feed says `here`, as an event without an id. */
export const feedHeartbeatMs = 5_000;

/** A message of the live feed; its SSE id is `feedId`, and `Last-Event-ID` resumes after it. */
export const FeedMessage = Type.Union([
  Type.Object({
    kind: Type.Literal('alarm-raised'),
    alarm: AlarmView,
    /** When the collector put it on the feed, for measuring. */
    atMs: EpochMs,
  }),
  /** Acknowledged, closed, joined by a repeat, snapshot arrived, announcement changed. */
  Type.Object({ kind: Type.Literal('alarm-changed'), alarm: AlarmView, atMs: EpochMs }),
  Type.Object({ kind: Type.Literal('camera-changed'), camera: CameraView, atMs: EpochMs }),
  Type.Object({ kind: Type.Literal('edge-changed'), edge: EdgeView, atMs: EpochMs }),
  Type.Object({ kind: Type.Literal('speaker-changed'), speaker: SpeakerView, atMs: EpochMs }),
]);
export type FeedMessage = Readonly<Static<typeof FeedMessage>>;

export const EventIdParameter = Type.Object({ eventId: EventId });
