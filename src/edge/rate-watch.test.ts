/** When a rule counts as degraded. */
import { expect, test } from 'vitest';
import { createRateWatch } from './rate-watch.ts';

const needs = [{ ruleId: 'gate', neededPerSecond: 5 }];

type Rate = readonly [seconds: number, perSecond: number];

function after(...rates: readonly Rate[]): number {
  const watch = createRateWatch();
  let nowMs = 0;
  for (const [seconds, perSecond] of rates) {
    for (const end = nowMs + seconds * 1000; nowMs < end; nowMs += 1000)
      watch.take(needs, perSecond, nowMs);
  }
  return watch.degraded().length;
}

test.each<[string, number, readonly Rate[]]>([
  ['that gets its rate is well', 0, [[60, 5]]],
  ['that gets a little less is well', 0, [[60, 4.6]]],
  [
    'that gets too little for a moment is well',
    0,
    [
      [20, 5],
      [9, 2],
    ],
  ],
  [
    'that gets too little for long is degraded',
    1,
    [
      [20, 5],
      [12, 2],
    ],
  ],
  [
    'that has enough for a moment is still degraded',
    1,
    [
      [12, 2],
      [9, 5],
    ],
  ],
  [
    'that has enough for long is well again',
    0,
    [
      [12, 2],
      [12, 5],
    ],
  ],
])('a rule %s', (_name, expected, rates) => {
  expect(after(...rates)).toBe(expected);
});

test('what is told of a rule does not change while it is degraded', () => {
  const watch = createRateWatch();
  for (let nowMs = 0; nowMs <= 12_000; nowMs += 1000) watch.take(needs, 2, nowMs);
  const [told] = watch.degraded();
  expect(told).toMatchObject({ ruleId: 'gate', neededPerSecond: 5, sinceMs: 10_000 });
  watch.take([{ ruleId: 'gate', neededPerSecond: 6.5 }], 2, 13_000);
  expect(watch.degraded()).toEqual([told]);
});

test('a rule that is taken away, and a camera that went dark, leave nothing', () => {
  const watch = createRateWatch();
  for (let nowMs = 0; nowMs <= 12_000; nowMs += 1000) watch.take(needs, 2, nowMs);
  watch.take([], 2, 13_000);
  expect(watch.degraded()).toEqual([]);
  for (let nowMs = 14_000; nowMs <= 30_000; nowMs += 1000) watch.take(needs, 2, nowMs);
  watch.forget();
  expect(watch.degraded()).toEqual([]);
});
