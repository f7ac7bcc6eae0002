/**
 * The alarm policy: which event calls the operator, which joins an alarm that stands, which is only filed; and the life
 * of an alarm from raised to closed. Pure: ids and times come from the caller.
 */
import type { CloseReason } from '../../contract/console-api.ts';
import type { RuleEvent, RuleEventKind } from '../../contract/rule-event.ts';
import type { RuleResponse, Severity } from '../../contract/rule-response.ts';
import type { AlarmContext, AlarmDecision } from '../store/store.ts';
import type { Alarm, AnnouncementOrder } from './alarm.ts';
import { isNewStep, type Saying, sayingOf, seriesOf } from './voice-plan.ts';
import { answerWarning, type WarningAnswer } from './warning.ts';
import { wordingOf } from './wording.ts';

const defaultCooldownSeconds = 15;
/** An announcement that could not be spoken by then would speak to somebody else. */
const announcementLivesMs = 30_000;
/** Older than this at its arrival, an event is filed and nobody is called. */
const lateMs = 30_000;

/** What each kind of event is worth when its rule says nothing; `none` is kept as an event only. */
const defaultSeverity: Readonly<Record<RuleEventKind, Severity | 'none'>> = {
  'tripwire-crossed': 'warning',
  'zone-entered': 'warning',
  'zone-left': 'none',
  'dwell-loitering': 'warning',
  'place-occupied': 'warning',
  'pass-loitering': 'warning',
  'crowd-gathered': 'warning',
  'camera-tampered': 'warning',
  'camera-offline': 'information',
  'camera-back': 'none',
  'events-dropped': 'warning',
  'events-lost': 'warning',
  'outbox-damaged': 'warning',
  'sequence-repeated': 'warning',
  'warning-answered': 'none',
};

export type PolicyInput = Readonly<{
  event: RuleEvent;
  context: AlarmContext;
  /** The speaker beside the event's camera. */
  speakerId?: string;
  nowMs: number;
  newId: () => string;
}>;

export function decideAlarm({
  event,
  context,
  speakerId,
  nowMs,
  newId,
}: PolicyInput): AlarmDecision {
  // What another box says of the camera is kept, and neither calls nor hides or repeats a call of its own box.
  if (context.isForeign === true) return { kind: 'none' };
  const late = isLate(event, nowMs);
  if (event.kind === 'warning-answered') return answered(event, context, late);
  const severity = severityOf(event, context);
  if (severity === 'none') return { kind: 'none' };
  const response = context.rule?.rule.response ?? {};
  const standing = joined(event, context.latest, response, late);
  const series = seriesOf(event, context.latest, response);
  const saying = late ? undefined : sayingOf(event, response, series, severity);
  if (standing !== undefined) {
    // What the rule says only now would else be swallowed by the cooldown of what it said before.
    const hasNews =
      saying !== undefined &&
      speakerId !== undefined &&
      isNewStep(event, response, series, standing);
    if (!hasNews) return { kind: 'join', alarm: { ...standing, ...series } };
  }

  const alarm = { ...raised(event, context, severity, late, nowMs, newId()), ...series };
  const announcement = orderOf(alarm, wordsOf(event, context, saying), speakerId, nowMs, newId);
  return { kind: 'raise', alarm, ...(announcement === undefined ? {} : { announcement }) };
}

/** By the edge's own count where its clock was set; where the clocks differ, by the centre's. */
function isLate({ historical, capturedAtMs, clockSuspect }: RuleEvent, nowMs: number): boolean {
  if (historical) return true;
  if (clockSuspect !== undefined && clockSuspect.why !== 'differs') return false;
  return nowMs - (capturedAtMs - (clockSuspect?.aheadMs ?? 0)) > lateMs;
}

function answered(event: WarningAnswer, { warned }: AlarmContext, late: boolean): AlarmDecision {
  const answer = warned === undefined ? undefined : answerWarning(event, warned, late);
  return answer === undefined ? { kind: 'none' } : { kind: 'answer', ...answer };
}

function severityOf(event: RuleEvent, { rule }: AlarmContext): Severity | 'none' {
  const preset = defaultSeverity[event.kind];
  return preset === 'none' ? 'none' : (rule?.rule.response?.severity ?? preset);
}

/** The alarm that the event joins: raised by the same rule so recently that another call would say nothing new. */
function joined(
  event: RuleEvent,
  latest: Alarm | undefined,
  { cooldownSeconds = defaultCooldownSeconds }: RuleResponse,
  late: boolean,
): Alarm | undefined {
  if (latest === undefined || latest.late !== late || latest.event.kind !== event.kind)
    return undefined;
  const sinceRaisedMs = event.capturedAtMs - latest.event.capturedAtMs;
  if (sinceRaisedMs < 0 || sinceRaisedMs >= cooldownSeconds * 1000) return undefined;
  return { ...latest, repeats: latest.repeats + 1, lastEventAtMs: event.capturedAtMs };
}

function raised(
  event: RuleEvent,
  { rule }: AlarmContext,
  severity: Severity,
  late: boolean,
  nowMs: number,
  alarmId: string,
): Alarm {
  const ruleId = 'ruleId' in event ? event.ruleId : event.kind;
  return {
    alarmId,
    state: 'raised',
    severity,
    cameraId: event.cameraId,
    ruleName: rule?.rule.name ?? ruleId,
    raisedAtMs: nowMs,
    event,
    repeats: 0,
    lastEventAtMs: event.capturedAtMs,
    late,
    ...(rule === undefined ? {} : { rule: shown(rule) }),
  };
}

function shown({ kind, rule }: NonNullable<AlarmContext['rule']>): NonNullable<Alarm['rule']> {
  switch (kind) {
    case 'tripwire':
      return { kind, tripwire: rule };
    case 'zone':
      return { kind, zone: rule };
    case 'watch-point':
      return { kind, watchPoint: rule };
  }
}

type Words = Pick<AnnouncementOrder, 'announcement' | 'times' | 'gainDb'>;

/** What the lane is told, word by word. */
function wordsOf(
  event: RuleEvent,
  { templates = [], place = {} }: AlarmContext,
  saying: Saying | undefined,
): Words | undefined {
  if (saying === undefined) return undefined;
  const facts = { templates, place, atMs: event.capturedAtMs };
  const announcement = wordingOf(saying.announcement, facts);
  return announcement === undefined ? undefined : { ...saying, announcement };
}

function orderOf(
  alarm: Alarm,
  words: Words | undefined,
  speakerId: string | undefined,
  nowMs: number,
  newId: () => string,
): AnnouncementOrder | undefined {
  if (words === undefined || speakerId === undefined) return undefined;
  return {
    announcementId: newId(),
    alarmId: alarm.alarmId,
    speakerId,
    ...words,
    severity: alarm.severity,
    orderedAtMs: nowMs,
    expiresAtMs: nowMs + announcementLivesMs,
  };
}

export type AlarmChange =
  | Readonly<{ ok: true; alarm: Alarm }>
  | Readonly<{ ok: false; reason: string }>;

/** Somebody has seen it. */
export function acknowledge(alarm: Alarm, by: string, atMs: number): AlarmChange {
  if (alarm.state !== 'raised') return { ok: false, reason: `the alarm is ${alarm.state} already` };
  return {
    ok: true,
    alarm: { ...alarm, state: 'acknowledged', acknowledgedBy: by, acknowledgedAtMs: atMs },
  };
}

/** It is over, and why. An alarm may be closed without having been acknowledged. */
export function close(
  alarm: Alarm,
  order: Readonly<{ reason: CloseReason; note?: string; by: string; atMs: number }>,
): AlarmChange {
  if (alarm.state === 'closed') return { ok: false, reason: 'the alarm is closed already' };
  const { reason, note, by, atMs } = order;
  return {
    ok: true,
    alarm: {
      ...alarm,
      state: 'closed',
      closedBy: by,
      closedAtMs: atMs,
      closeReason: reason,
      ...(note === undefined ? {} : { closeNote: note }),
    },
  };
}
