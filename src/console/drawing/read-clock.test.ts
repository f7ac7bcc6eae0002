/** Times of the day as people type them. */
import { expect, it } from 'vitest';
import { readClock } from './read-clock.ts';

it.each([
  ['22:00', '22:00'],
  ['7:30', '07:30'],
  ['0730', '07:30'],
  ['730', undefined],
  [' 07：30 ', '07:30'],
  ['00:00', '00:00'],
  ['24:00', undefined],
  ['12:60', undefined],
  ['12:0', undefined],
  ['22', undefined],
  ['', undefined],
  ['7:30 AM', undefined],
])('%j is %j', (typed, time) => {
  expect(readClock(typed)).toBe(time);
});
