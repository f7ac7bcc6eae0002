/**
 * The rule event: what an edge tells the centre. One union on `kind`.
 * The edge's outbox gives each event its id and its gap-free sequence number; everything else is known when it happens.
 * Unknown additional fields are allowed, so that an edge one version ahead is still understood.
 */
import { type Static, type TProperties, Type } from 'typebox';
import { OfflineCause, Tampering } from './camera-fault.ts';
import { EventsDropped, EventsLost, OutboxDamaged, SequenceRepeated } from './delivery-event.ts';
import { EpochMs, everyEvent, reasoned } from './event-fields.ts';
import { EventId, Id } from './id.ts';
import { Box, Point } from './shape.ts';

const everySighting = {
  ...everyEvent,
  ruleId: Id,
  ruleVersion: Type.Integer({ minimum: 0 }),
  modelVersion: Type.String({ maxLength: 120 }),
  trackId: Type.Integer({ minimum: 0 }),
  personId: Type.Integer({ minimum: 0 }),
  label: Type.String({ maxLength: 40 }),
  confidence: Type.Number({ minimum: 0, maximum: 1 }),
  box: Box,
  footPoint: Point,
  /** Recent foot points, oldest first. */
  trail: Type.Array(Point, { maxItems: 200 }),
};

const sighting = <Kind extends string, Extra extends TProperties>(kind: Kind, extra: Extra) =>
  Type.Object({ kind: Type.Literal(kind), ...everySighting, ...extra });

const CrossedDirection = Type.Union([Type.Literal('a-to-b'), Type.Literal('b-to-a')]);

/** Of a rule with two wires in order: when and how the same person crossed the first. */
export const FirstCrossing = Type.Object({
  direction: CrossedDirection,
  crossedAtMs: EpochMs,
  mediaTimeMs: Type.Number({ minimum: 0 }),
  trackId: Type.Integer({ minimum: 0 }),
  box: Box,
});
export type FirstCrossing = Readonly<Static<typeof FirstCrossing>>;

const TripwireCrossed = sighting('tripwire-crossed', {
  /** Of a rule with two wires: of the second. */
  direction: CrossedDirection,
  firstCrossing: Type.Optional(FirstCrossing),
});
const ZoneEntered = sighting('zone-entered', {});
const ZoneLeft = sighting('zone-left', { staySeconds: Type.Number({ minimum: 0 }) });
const DwellLoitering = sighting('dwell-loitering', {
  dwellSeconds: Type.Number({ minimum: 0 }),
});
const PlaceOccupied = sighting('place-occupied', {
  occupiedSeconds: Type.Number({ minimum: 0 }),
});

/** One visit of the person to the watch point; `link` says how sure it is that it was the same person. */
export const Pass = Type.Object({
  startedAtMs: EpochMs,
  mediaTimeMs: Type.Number({ minimum: 0 }),
  trackId: Type.Integer({ minimum: 0 }),
  link: Type.Union([Type.Literal('same-track'), Type.Literal('certain'), Type.Literal('probable')]),
  /** Of the person as the visit began, for the picture of it. */
  box: Type.Optional(Box),
});
export type Pass = Readonly<Static<typeof Pass>>;
const PassLoitering = sighting('pass-loitering', {
  passes: Type.Array(Pass, { minItems: 1 }),
});
const CrowdGathered = sighting('crowd-gathered', { count: Type.Integer({ minimum: 1 }) });

const CameraTampered = Type.Object({
  kind: Type.Literal('camera-tampered'),
  ...everyEvent,
  tampering: Tampering,
  /** One sentence for the technician. */
  reason: Type.String({ maxLength: 300 }),
});
const CameraOffline = Type.Object({
  ...reasoned('camera-offline').properties,
  /** Absent from older boxes. */
  cause: Type.Optional(OfflineCause),
});
const CameraBack = reasoned('camera-back');

/** After a warning: whether the person that it was for went away. `unknown` says why in `reason`. */
export const LeavingOutcome = Type.Union([
  Type.Literal('left'),
  Type.Literal('still-there'),
  Type.Literal('unknown'),
]);
export type LeavingOutcome = Static<typeof LeavingOutcome>;

/** The edge's answer to the command `watch-leaving`; nobody sends it unasked. */
const WarningAnswered = Type.Object({
  kind: Type.Literal('warning-answered'),
  ...everyEvent,
  /** The event that the warning was about. */
  warnedEventId: EventId,
  outcome: LeavingOutcome,
  /** From the beginning of the warning until the person was gone, or until it was given up. */
  afterSeconds: Type.Number({ minimum: 0, maximum: 3600 }),
  reason: Type.Optional(Type.String({ maxLength: 300 })),
});

export const RuleEvent = Type.Union([
  TripwireCrossed,
  ZoneEntered,
  ZoneLeft,
  DwellLoitering,
  PlaceOccupied,
  PassLoitering,
  CrowdGathered,
  CameraTampered,
  CameraOffline,
  CameraBack,
  EventsDropped,
  EventsLost,
  OutboxDamaged,
  SequenceRepeated,
  WarningAnswered,
]);
export type RuleEvent = Readonly<Static<typeof RuleEvent>>;
export type RuleEventKind = RuleEvent['kind'];

/** An event that a rule saw in the picture, as opposed to one about the camera itself. */
type SightingEvent = Exclude<
  RuleEvent,
  {
    kind:
      | 'camera-tampered'
      | 'camera-offline'
      | 'camera-back'
      | 'events-dropped'
      | 'events-lost'
      | 'outbox-damaged'
      | 'sequence-repeated'
      | 'warning-answered';
  }
>;

/** Fields that the outbox fills in when it takes the event. */
type GivenByOutbox =
  | 'schemaVersion'
  | 'eventId'
  | 'edgeId'
  | 'sequence'
  | 'historical'
  | 'clockSuspect';
type Without<Event, Fields extends PropertyKey> = Event extends unknown
  ? Omit<Event, Fields>
  : never;

/** A rule event before the outbox has numbered it. */
export type EventDraft = Readonly<Without<RuleEvent, GivenByOutbox>>;

/** Fields that the camera worker knows and the pure rules do not. */
type GivenByWorker = 'cameraId' | 'ruleVersion' | 'modelVersion' | 'stageTimes';

/** What a rule says when it fires: all that can be known from tracks and time alone. */
export type SceneEvent = Readonly<Without<SightingEvent, GivenByOutbox | GivenByWorker>>;
