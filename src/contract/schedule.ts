/**
 * The hours in which a rule is in force: how they are written down, and whether a moment is among them. Pure: the wall
 * clock comes with the frame; `Intl` knows the local time of a zone, daylight saving included. A period over midnight
 * belongs to the day on which it begins.
 */
import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;

/** Day of the week as ISO 8601 numbers them: 1 is Monday, 7 Sunday. */
const Weekday = Type.Integer({ minimum: 1, maximum: 7 });
const TimeOfDay = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' });

/** `from` counts, `to` does not. A `to` before `from` is on the next day; the same time twice is a whole day. */
const SchedulePeriod = Type.Object(
  {
    /** On which days it begins; every day, without them. */
    days: Type.Optional(Type.Array(Weekday, { minItems: 1, maxItems: 7, uniqueItems: true })),
    from: TimeOfDay,
    to: TimeOfDay,
  },
  closed,
);
export type SchedulePeriod = Readonly<Static<typeof SchedulePeriod>>;

export const Schedule = Type.Object(
  {
    /** IANA name of the camera's local time; the default is China's one time, Asia/Shanghai. */
    timeZone: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
    periods: Type.Array(SchedulePeriod, { minItems: 1, maxItems: 10 }),
  },
  closed,
);
export type Schedule = Readonly<Static<typeof Schedule>>;
export const defaultTimeZone = 'Asia/Shanghai';

type LocalTime = Readonly<{ weekday: number; minutes: number }>;

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const dayMinutes = 24 * 60;

/** Throws RangeError on a time zone that does not exist; `checkRules` refuses those before. */
export function createSchedule(schedule: Schedule | undefined): (capturedAtMs: number) => boolean {
  if (schedule === undefined) return () => true;
  const localTimeAt = createLocalClock(schedule.timeZone ?? defaultTimeZone);
  const periods = schedule.periods.map(toPeriod);
  return (capturedAtMs) => {
    const local = localTimeAt(capturedAtMs);
    return periods.some((period) => isWithin(period, local));
  };
}

type Period = Readonly<{ days: readonly number[]; from: number; to: number }>;

function toPeriod({ days = [1, 2, 3, 4, 5, 6, 7], from, to }: SchedulePeriod): Period {
  const [start, end] = [minutesOf(from), minutesOf(to)];
  return { days, from: start, to: end > start ? end : end + dayMinutes };
}

function minutesOf(timeOfDay: string): number {
  const [hours = 0, minutes = 0] = timeOfDay.split(':').map(Number);
  return hours * 60 + minutes;
}

function isWithin({ days, from, to }: Period, { weekday, minutes }: LocalTime): boolean {
  const sinceYesterday = minutes + dayMinutes;
  const yesterday = weekday === 1 ? 7 : weekday - 1;
  return (
    (days.includes(weekday) && minutes >= from && minutes < to) ||
    (days.includes(yesterday) && sinceYesterday >= from && sinceYesterday < to)
  );
}

/** Asking `Intl` takes microseconds and the answer holds for a minute. */
function createLocalClock(timeZone: string): (atMs: number) => LocalTime {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  let known: Readonly<{ minute: number; local: LocalTime }> | undefined;
  return (atMs) => {
    const minute = Math.floor(atMs / 60_000);
    if (known?.minute === minute) return known.local;
    const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
    const local = {
      weekday: weekdays.indexOf(parts.get('weekday') ?? '') + 1,
      minutes: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
    };
    known = { minute, local };
    return local;
  };
}
