/**
 * The closed loop: an alarm spoke to the street by itself, and the edge has seen what the person did then. The answer
 * stands with the alarm; where the rule wants it, somebody who is still there makes it more severe and call again. Pure.
 */
import type { AnnouncementState, NoAnswer } from '../../contract/console-api.ts';
import type { WatchLeaving } from '../../contract/edge-report.ts';
import type { RuleEvent } from '../../contract/rule-event.ts';
import type { RuleResponse, Severity } from '../../contract/rule-response.ts';
import type { Alarm } from './alarm.ts';

/** So long the edge watches, from the beginning of the announcement. */
const watchSeconds = 30;

export type WarningAnswer = Extract<RuleEvent, { kind: 'warning-answered' }>;
/** The alarm that was answered about, and what has become of its announcement. */
export type Warned = Readonly<{ alarm: Alarm; announcement?: AnnouncementState }>;

/** What the edge is asked as the announcement begins; undefined when nobody was seen whom it could watch. */
export function watchFor({ event, late }: Pick<Alarm, 'event' | 'late'>): WatchLeaving | undefined {
  if (late || !('trackId' in event)) return undefined;
  const { eventId, cameraId, ruleId, trackId, personId, capturedAtMs } = event;
  const who = { eventId, cameraId, ruleId, trackId, personId, capturedAtMs };
  return { kind: 'watch-leaving', ...who, forSeconds: watchSeconds };
}

/** Whether the street was, or is being, spoken to. */
export function wasSaid(state: AnnouncementState | undefined): boolean {
  return state === 'speaking' || state === 'sent' || state === 'answered' || state === 'played';
}

export type AnsweredWarning = Readonly<{ alarm: Alarm; callsAgain: boolean }>;

/**
 * The first answer counts. Undefined when it changes nothing: nothing was said, it is the answer of another box, or the
 * alarm has one. An answer that comes late calls nobody, and neither does one about an alarm that is closed.
 */
export function answerWarning(
  { outcome, afterSeconds, reason, edgeId, cameraId }: WarningAnswer,
  { alarm, announcement }: Warned,
  isLate: boolean,
): AnsweredWarning | undefined {
  const isItsEdge = alarm.event.edgeId === edgeId && alarm.cameraId === cameraId;
  const hasAnswer = alarm.warning !== undefined && alarm.warning.noAnswer === undefined;
  if (!isItsEdge || !wasSaid(announcement) || hasAnswer) return undefined;
  const because = reason === undefined ? {} : { reason };
  const warning = { outcome, afterSeconds, ...because };
  const escalates =
    outcome === 'still-there' &&
    !isLate &&
    alarm.state !== 'closed' &&
    responseOf(alarm)?.escalateIfStillThere === true;
  return escalates
    ? { alarm: escalated({ ...alarm, warning: { ...warning, escalated: true } }), callsAgain: true }
    : { alarm: { ...alarm, warning }, callsAgain: false };
}

/** The edge did not answer; unchanged when it has answered meanwhile, or nobody was to be watched. */
export function withoutAnswer(alarm: Alarm, noAnswer: NoAnswer): Alarm | undefined {
  if (alarm.warning !== undefined || watchFor(alarm) === undefined) return undefined;
  return { ...alarm, warning: { outcome: 'unknown', afterSeconds: watchSeconds, noAnswer } };
}

const nextSeverity: Readonly<Record<Severity, Severity>> = {
  information: 'warning',
  warning: 'emergency',
  emergency: 'emergency',
};

/** It wants to be acknowledged again; who did it before stands in the register. */
function escalated(alarm: Alarm): Alarm {
  const { acknowledgedAtMs: _at, acknowledgedBy: _by, ...rest } = alarm;
  return { ...rest, state: 'raised', severity: nextSeverity[alarm.severity] };
}

/** As the rule stood when it fired. */
function responseOf({ rule }: Alarm): RuleResponse | undefined {
  switch (rule?.kind) {
    case 'tripwire':
      return rule.tripwire.response;
    case 'zone':
      return rule.zone.response;
    case 'watch-point':
      return rule.watchPoint.response;
    case undefined:
      return undefined;
  }
}
