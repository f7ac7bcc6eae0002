/**
 * Times as the duty room reads them: 24-hour clock of the centre's time zone, which the announcements, the schedules of the
 * rules and the times in the pictures go by, whatever zone the browser is in.
 */
import { defaultTimeZone } from '../../contract/schedule.ts';

const two = (value: number): string => String(value).padStart(2, '0');

const format = new Intl.DateTimeFormat('en-GB', {
  ...{ timeZone: defaultTimeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit' },
  ...{ day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
});

/** What the centre's clock says at that time, written as if it were UTC: `2026-11-23T23:05:09.000Z`. */
function wallClock(epochMs: number): string {
  return new Date(epochMs + aheadOfUtcMs(epochMs)).toISOString();
}

function aheadOfUtcMs(epochMs: number): number {
  const parts = new Map(format.formatToParts(epochMs).map(({ type, value }) => [type, value]));
  const of = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  const shownMs = Date.UTC(
    ...([of('year'), of('month') - 1, of('day')] as const),
    ...([of('hour'), of('minute'), of('second')] as const),
  );
  return shownMs - Math.floor(epochMs / 1000) * 1000;
}

/** `23:05:09` */
export const clockText = (epochMs: number): string => wallClock(epochMs).slice(11, 19);

/** `2026-11-23` */
export const dateText = (epochMs: number): string => wallClock(epochMs).slice(0, 10);

/** Of the centre's zone at that time: `UTC+8`, `UTC-3:30`, `UTC+0`. */
export function zoneText(epochMs: number): string {
  const ahead = aheadOfUtcMs(epochMs) / 60_000;
  const hours = Math.trunc(Math.abs(ahead) / 60);
  const minutes = Math.abs(ahead) % 60;
  return `UTC${ahead < 0 ? '-' : '+'}${hours}${minutes === 0 ? '' : `:${two(minutes)}`}`;
}

/** When the centre's clock says what the browser's own clock would say at `chosen`: what somebody chose from a calendar. */
export function inCentreZone(chosen: Date): number {
  const shownMs = Date.UTC(
    ...([chosen.getFullYear(), chosen.getMonth(), chosen.getDate()] as const),
    ...([chosen.getHours(), chosen.getMinutes(), chosen.getSeconds()] as const),
  );
  return shownMs - aheadOfUtcMs(shownMs - aheadOfUtcMs(shownMs));
}

/** `2026-11-23 23:05:09` */
export const fullMomentText = (epochMs: number): string =>
  `${dateText(epochMs)} ${clockText(epochMs)}`;

/** The clock alone for today, with the date for any other day. */
export function momentText(epochMs: number, nowMs: number): string {
  return dateText(epochMs) === dateText(nowMs)
    ? clockText(epochMs)
    : `${dateText(epochMs).slice(5)} ${clockText(epochMs)}`;
}
