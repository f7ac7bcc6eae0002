/** Which pictures are analysed. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDecimator } from './decimator.ts';

const taken = (analysisFps: number, times: readonly number[]): readonly number[] => {
  const decimator = createDecimator(analysisFps);
  return times.filter((time) => {
    decimator.decoded(time);
    return decimator.take(time);
  });
};
const steady = (fps: number, seconds: number): readonly number[] =>
  Array.from({ length: Math.round(fps * seconds) }, (_, index) => (index * 1000) / fps);
const gaps = (times: readonly number[]): readonly number[] =>
  times.slice(1).map((time, index) => time - (times[index] ?? 0));

describe('the decimator', () => {
  test.each([
    { sourceFps: 10, analysisFps: 10, inOneSecond: 10, widest: 100 },
    { sourceFps: 10, analysisFps: 5, inOneSecond: 5, widest: 200 },
    { sourceFps: 25, analysisFps: 5, inOneSecond: 5, widest: 200 },
    { sourceFps: 25, analysisFps: 10, inOneSecond: 10, widest: 120 },
    { sourceFps: 15, analysisFps: 5, inOneSecond: 5, widest: 200.1 },
    { sourceFps: 30, analysisFps: 5, inOneSecond: 5, widest: 200.1 },
    { sourceFps: 12, analysisFps: 5, inOneSecond: 5, widest: 250.1 },
    { sourceFps: 4, analysisFps: 5, inOneSecond: 4, widest: 250 },
  ])('takes $inOneSecond of $sourceFps a second at $analysisFps', (row) => {
    const times = taken(row.analysisFps, steady(row.sourceFps, 20));
    expect(times.length).toBe(row.inOneSecond * 20);
    expect(Math.max(...gaps(times))).toBeLessThanOrEqual(row.widest);
  });

  test('takes every second picture of 10 fps at 5 fps, from the first on', () => {
    expect(taken(5, steady(10, 1))).toEqual([0, 200, 400, 600, 800]);
  });

  test('starts its grid anew after a gap instead of catching up', () => {
    const times = [...steady(10, 1), ...steady(10, 1).map((time) => time + 60_000)];
    const after = taken(5, times).filter((time) => time >= 60_000);
    expect(after).toEqual([60_000, 60_200, 60_400, 60_600, 60_800]);
  });

  test('neither doubles nor swallows a picture when the source jitters', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -15, max: 15 }), { minLength: 200, maxLength: 200 }),
        (jitter) => {
          const times = jitter.map((by, index) => index * 40 + by);
          const chosen = taken(5, times);
          expect(Math.abs(chosen.length - 40)).toBeLessThanOrEqual(1);
          expect(Math.max(...gaps(chosen))).toBeLessThanOrEqual(271);
          expect(Math.min(...gaps(chosen))).toBeGreaterThanOrEqual(129);
        },
      ),
    );
  });

  test('takes the nearest picture when every one comes a little early or late', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -15, max: 15 }), { minLength: 60, maxLength: 60 }),
        (jitter) => {
          const times = jitter.map((by, index) => index * 100 + by);
          expect(taken(5, times)).toEqual(times.filter((_, index) => index % 2 === 0));
        },
      ),
    );
  });

  test('takes whatever comes when the source is slower than the analysis', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 200, max: 5000 }), { maxLength: 50 }), (steps) => {
        let time = 0;
        const times = steps.map((step) => (time += step));
        expect(taken(5, times)).toEqual(times);
      }),
    );
  });
});
