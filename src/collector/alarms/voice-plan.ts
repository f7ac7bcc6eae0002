/**
 * What a rule says, and how, when an alarm is raised: the first time this, again that, the third time something else; at
 * night softer, or nothing. Pure. Times count within a series: it begins with a crossing that follows none for the rule's
 * `withinSeconds`, and crossings that joined an alarm in silence count too.
 */

import type { RuleEvent } from '../../contract/rule-event.ts';
import type { RuleAnnouncement, RuleResponse, Severity } from '../../contract/rule-response.ts';
import { createSchedule } from '../../contract/schedule.ts';
import type { Alarm } from './alarm.ts';

const defaultWithinSeconds = 600;
/** Half as loud. */
const softerDb = -12;

/** Which time of its series an event is, and when the series began. */
export type Series = Readonly<{ occurrence: number; seriesStartedAtMs: number }>;

export function seriesOf(
  { capturedAtMs }: Pick<RuleEvent, 'capturedAtMs'>,
  latest: Alarm | undefined,
  { voice }: RuleResponse,
): Series {
  const { withinSeconds = defaultWithinSeconds } = voice ?? {};
  const { occurrence = 1, seriesStartedAtMs = latest?.event.capturedAtMs } = latest ?? {};
  const sinceStartMs = capturedAtMs - (seriesStartedAtMs ?? Number.NEGATIVE_INFINITY);
  const goesOn = sinceStartMs >= 0 && sinceStartMs <= withinSeconds * 1000;
  return seriesStartedAtMs !== undefined && goesOn
    ? { occurrence: occurrence + 1, seriesStartedAtMs }
    : { occurrence: 1, seriesStartedAtMs: capturedAtMs };
}

export type Saying = Readonly<{
  announcement: RuleAnnouncement;
  times?: number;
  gainDb?: number;
}>;

/** From the third time on nothing new is said. */
const lastStep = 3;

/** The passes of one person are counted by the edge, over its own window. */
function stepOf(event: RuleEvent, occurrence: number): number {
  const passes = event.kind === 'pass-loitering' ? event.passes.length : 0;
  return Math.min(lastStep, Math.max(occurrence, passes));
}

function wordsAt(step: number, { announcement: first, voice = {} }: RuleResponse) {
  const { again = first, third = again } = voice;
  return step >= lastStep ? third : step === 2 ? again : first;
}

/** Whether the plan has other words for this event than for what happened up to now, because it happened again. */
export function isNewStep(
  event: RuleEvent,
  response: RuleResponse,
  { occurrence }: Series,
  latest: Alarm,
): boolean {
  const before = stepOf(latest.event, latest.occurrence ?? 1);
  const step = stepOf(event, occurrence);
  return step > before && wordsAt(step, response) !== wordsAt(before, response);
}

/** Undefined when the lane is told nothing. */
export function sayingOf(
  event: RuleEvent,
  response: RuleResponse,
  series: Series,
  severity: Severity,
): Saying | undefined {
  const { times, quiet } = response.voice ?? {};
  const announcement = wordsAt(stepOf(event, series.occurrence), response);
  if (announcement === undefined) return undefined;

  const isQuiet =
    quiet !== undefined &&
    severity !== 'emergency' &&
    createSchedule(quiet.schedule)(event.capturedAtMs);
  if (isQuiet && quiet.manner === 'operator-only') return undefined;
  return {
    announcement,
    ...(times === undefined ? {} : { times }),
    ...(isQuiet ? { gainDb: softerDb } : {}),
  };
}
