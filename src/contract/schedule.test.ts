/** When a rule is in force, by the camera's local time. */
import { describe, expect, it } from 'vitest';
import type { Schedule } from './schedule.ts';
import { createSchedule } from './schedule.ts';

/** A night from Saturday to Sunday. */
const nights: Schedule = { periods: [{ days: [6], from: '22:00', to: '06:00' }] };
const office: Schedule = {
  periods: [
    { days: [1, 2, 3, 4, 5], from: '08:30', to: '12:00' },
    { from: '20:00', to: '20:15' },
  ],
};
const always: Schedule = { periods: [{ from: '00:00', to: '00:00' }] };
/** Clocks went forward on 29 March 2026 in Berlin. */
const berlin: Schedule = { timeZone: 'Europe/Berlin', periods: [{ from: '07:00', to: '08:00' }] };

/** Days since Saturday, 28 November 2026 in Shanghai, and the time of day there. */
const shanghai = (days: number, time: string) => 1795795200000 + sinceMidnight(days, time);
/** Days since Saturday, 28 March 2026, UTC: the day before the clocks change. */
const utc = (days: number, time: string) => 1774656000000 + sinceMidnight(days, time);

function sinceMidnight(days: number, time: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

describe('a schedule', () => {
  it.each<[string, Schedule, number, boolean]>([
    ['begins on its day', nights, shanghai(0, '22:00:00'), true],
    ['is not in force before', nights, shanghai(0, '21:59:59'), false],
    ['goes on after midnight', nights, shanghai(1, '05:59:59'), true],
    ['ends in the morning', nights, shanghai(1, '06:00:00'), false],
    ['is not in force in the night before', nights, shanghai(0, '01:00:00'), false],
    ['knows working days', office, shanghai(2, '08:30:00'), true],
    ['knows Sundays', office, shanghai(1, '08:30:00'), false],
    ['has more than one period', office, shanghai(1, '20:10:00'), true],
    ['from a time to the same is a whole day', always, shanghai(1, '13:00:00'), true],
    ['follows the local clock in winter', berlin, utc(0, '06:30:00'), true],
    ['follows the local clock in summer', berlin, utc(2, '05:30:00'), true],
    ['follows no other clock', berlin, utc(2, '06:30:00'), false],
  ])('%s', (_name, schedule, moment, expected) => {
    expect(createSchedule(schedule)(moment)).toBe(expected);
  });

  it('that is none is always in force', () => {
    expect(createSchedule(undefined)(0)).toBe(true);
  });
});
