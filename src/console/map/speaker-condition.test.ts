/** One word for a speaker. */
import { expect, it } from 'vitest';
import { speakerCondition } from './speaker-condition.ts';

it.each([
  ['unreachable', true, 'failed'],
  ['refused', false, 'failed'],
  ['ready', true, 'flagged'],
  ['unproven', true, 'flagged'],
  ['unproven', false, 'unproven'],
  ['unknown', false, 'unknown'],
  ['ready', false, 'proven'],
] as const)('a speaker that is %s, overdue %s, is %s', (state, isOverdue, condition) => {
  expect(speakerCondition({ state, isOverdue })).toBe(condition);
});
