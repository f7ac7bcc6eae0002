/** Fields that every rule has, and the second wire. */
import { expect, it } from 'vitest';
import { checkRules } from '../../contract/check-rules.ts';
import { newRule, toCameraRules } from './drawn-rule.ts';
import { rulePeriod, ruleWith, withPeriod } from './rule-with.ts';
import { beside, withMovedSecondPoint } from './second-wire.ts';

const wire = newRule('tripwire', 'tripwire-1', [
  [0.2, 0.5],
  [0.95, 0.5],
]);

it('takes labels, and gives them back', () => {
  const bicycles = ruleWith(wire, { labels: ['bicycle'] });
  expect(checkRules(toCameraRules([bicycles])).ok).toBe(true);
  expect(ruleWith(bicycles, { labels: undefined })).toEqual(wire);
});

it('takes a period, keeps the others, and is always in force again when the period is every day all day', () => {
  const night = { days: [6, 7], from: '22:00', to: '06:00' };
  const atNight = withPeriod(wire, night);
  expect(rulePeriod(atNight)).toEqual(night);
  expect(checkRules(toCameraRules([atNight])).ok).toBe(true);
  expect(withPeriod(atNight, { from: '00:00', to: '00:00' })).toEqual(wire);
  const noon = { from: '12:00', to: '13:00' };
  const both = ruleWith(wire, { schedule: { timeZone: 'Europe/Berlin', periods: [noon, night] } });
  expect(withPeriod(both, { from: '11:00', to: '13:00' }).rule.schedule).toEqual({
    timeZone: 'Europe/Berlin',
    periods: [{ from: '11:00', to: '13:00' }, night],
  });
});

it('begins the second wire within the picture, and moves its points one by one', () => {
  if (wire.kind !== 'tripwire') throw new Error('a tripwire was drawn');
  const points = beside(wire.rule.points);
  expect(points).toEqual([
    [0.1, 0.5],
    [0.85, 0.5],
  ]);
  const moved = withMovedSecondPoint({ ...wire.rule, secondWire: { points } }, 1, [0.5, 0.6]);
  expect(moved.secondWire?.points).toEqual([
    [0.1, 0.5],
    [0.5, 0.6],
  ]);
});
