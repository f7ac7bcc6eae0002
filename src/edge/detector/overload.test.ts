/** A box that cannot keep up says so, and not for a hiccup. */
import { expect, test } from 'vitest';
import { createOverloadWatch } from './overload.ts';

test('waits that stay long for ten seconds are an overload, until they have stayed short for as long', () => {
  const watch = createOverloadWatch();
  let nowMs = 0;
  const wait = (waitedMs: number, seconds: number) =>
    Array.from({ length: seconds * 10 }, () => {
      nowMs += 100;
      return watch.waited(waitedMs, nowMs);
    }).filter((told) => told !== undefined);
  expect(wait(900, 8)).toEqual([]);
  expect(wait(10, 10)).toEqual([]);
  expect(wait(900, 30)).toEqual(['began']);
  expect([watch.isOverloaded(), Math.round(watch.waitMs() / 100)]).toEqual([true, 9]);
  expect(wait(200, 30)).toEqual([]);
  expect(wait(10, 30)).toEqual(['ended']);
  expect(watch.isOverloaded()).toBe(false);
});
