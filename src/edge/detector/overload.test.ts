/** A box that cannot keep up says so, and not for a hiccup; it names the cameras that wait. */
import { expect, test } from 'vitest';
import { createOverloadWatch } from './overload.ts';

test('waits that stay long for ten seconds are an overload, until they have stayed short for as long', () => {
  const watch = createOverloadWatch();
  let nowMs = 0;
  const wait = (waitedMs: number, seconds: number) =>
    Array.from({ length: seconds * 10 }, () => {
      nowMs += 100;
      return watch.waited('cam-1', waitedMs, nowMs);
    }).filter((told) => told !== undefined);
  expect(wait(900, 8)).toEqual([]);
  expect(wait(10, 10)).toEqual([]);
  expect(wait(900, 30)).toEqual(['began']);
  expect([watch.isOverloaded(), Math.round(watch.waitMs() / 100)]).toEqual([true, 9]);
  expect(wait(200, 30)).toEqual([]);
  expect(wait(10, 30)).toEqual(['ended']);
  expect(watch.isOverloaded()).toBe(false);
});

test('the cameras whose looks come late are named, the latest first, and forgotten once they are gone', () => {
  const watch = createOverloadWatch();
  for (let nowMs = 0; nowMs < 10_000; nowMs += 500) {
    watch.waited('urgent', 40, nowMs);
    watch.waited('quiet', 700, nowMs);
    watch.waited('far', 1200, nowMs);
  }
  const names = (nowMs: number) => watch.late(nowMs).map(({ cameraId }) => cameraId);
  expect(names(10_000)).toEqual(['far', 'quiet']);
  for (let nowMs = 10_000; nowMs < 45_000; nowMs += 500) watch.waited('quiet', 900, nowMs);
  expect(names(45_000)).toEqual(['quiet']);
  for (let nowMs = 45_000; nowMs < 50_000; nowMs += 500) watch.waited('quiet', 20, nowMs);
  expect(names(50_000)).toEqual([]);
});
