/** What happened, in one short phrase. Pure. */

import type { ClockSuspect } from '../../contract/clock-suspect.ts';
import type { AlarmView, WarningView } from '../../contract/console-api.ts';
import type { RuleEvent } from '../../contract/rule-event.ts';
import { reasonText } from './reason-text.ts';
import type { Texts } from './zh.ts';

/** The kind of event with its most telling figure: direction, seconds, count of passes or people, or the reason. */
export function eventText(event: RuleEvent, texts: Texts): string {
  const kind = headingOf(event, texts);
  const detail = eventDetail(event, texts);
  return detail === undefined ? kind : `${kind} ${detail}`;
}

/** The rule's name and what happened; an alarm about the camera itself has no rule, and then its kind stands as the name. */
export function alarmText(alarm: AlarmView, texts: Texts): string {
  const what = eventText(alarm.event, texts);
  return alarm.ruleName === alarm.event.kind ? what : `${alarm.ruleName} · ${what}`;
}

/** Why the times of an event may be wrong, and by how much. */
export function clockSuspectText({ why, aheadMs }: ClockSuspect, texts: Texts): string {
  const { clock } = texts.centre;
  if (why === 'implausible') return clock.implausible;
  return clock[why](aheadMs === undefined ? clock.unknown : aheadText(aheadMs, clock));
}

function aheadText(aheadMs: number, clock: Texts['centre']['clock']): string {
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  const amount =
    seconds < 120
      ? clock.seconds(seconds)
      : seconds < 7200
        ? clock.minutes(Math.round(seconds / 60))
        : seconds < 172_800
          ? clock.hours(Math.round(seconds / 3600))
          : clock.days(Math.round(seconds / 86_400));
  return aheadMs < 0 ? clock.behind(amount) : clock.ahead(amount);
}

/** What came of a warning: `warned, left after 12 s`. */
export function warningText(
  { outcome, afterSeconds, noAnswer }: WarningView,
  texts: Texts,
): string {
  switch (outcome) {
    case 'left':
      return texts.speakers.warning.left(Math.round(afterSeconds));
    case 'still-there':
      return texts.speakers.warning.stillThere;
    case 'unknown':
      return noAnswer === undefined
        ? texts.speakers.warning.unknown
        : texts.speakers.warning.noAnswer[noAnswer];
  }
}

/** A camera that went dark is told by its cause: lost is something else than never there. */
function headingOf(event: RuleEvent, texts: Texts): string {
  return event.kind === 'camera-offline' && event.cause !== undefined
    ? texts.event.offlineCause[event.cause]
    : texts.event[event.kind];
}

function eventDetail(event: RuleEvent, texts: Texts): string | undefined {
  switch (event.kind) {
    case 'tripwire-crossed':
      return event.firstCrossing === undefined
        ? texts.event.direction[event.direction]
        : texts.event.inOrder(secondsBetween(event.firstCrossing, event));
    case 'dwell-loitering':
      return texts.event.dwell(Math.round(event.dwellSeconds));
    case 'place-occupied':
      return texts.event.occupied(Math.round(event.occupiedSeconds));
    case 'zone-left':
      return texts.event.stay(Math.round(event.staySeconds));
    case 'pass-loitering':
      return texts.event.passes(event.passes.length);
    case 'crowd-gathered':
      return texts.event.people(event.count);
    case 'camera-tampered':
      return texts.event.tampering[event.tampering];
    case 'camera-offline':
    case 'camera-back':
      return reasonText(event.reason, texts);
    case 'events-dropped':
      return texts.event.dropped[event.dropClass](event.count);
    case 'events-lost':
      return `${texts.event.lost(event.count)} (#${event.firstSequence}–${event.lastSequence})`;
    case 'outbox-damaged':
      return event.missing === undefined
        ? texts.event.carriedOver(event.kept)
        : texts.event.neverDelivered(event.kept, event.missing);
    case 'sequence-repeated':
      return texts.event.repeated(event.count);
    case 'warning-answered':
      return warningText(event, texts);
    case 'zone-entered':
      return undefined;
    default:
      return event satisfies never;
  }
}

function secondsBetween(
  first: Readonly<{ mediaTimeMs: number }>,
  second: Readonly<{ mediaTimeMs: number }>,
): number {
  return Math.round((second.mediaTimeMs - first.mediaTimeMs) / 1000);
}
