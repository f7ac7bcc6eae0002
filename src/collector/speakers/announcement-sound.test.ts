import { expect, test } from 'vitest';
import { shapeSound, testTone } from './announcement-sound.ts';

const second = new Int16Array(8000).fill(1000);
const seconds = (samples: Int16Array): number => samples.length / 8000;

test.each([
  ['once', {}, 1],
  ['three times with pauses', { times: 3 }, 5],
  ['only as often as fits whole', { times: 9, mostSeconds: 4 }, 3],
  ['cut, when not even once fits', { times: 2, mostSeconds: 0.5 }, 0.5],
])('an announcement is said %s', (_case, shape, length) => {
  const shaped = shapeSound(second, 8000, { mostSeconds: 60, ...shape });
  expect(seconds(shaped)).toBe(length);
  expect(shaped.filter((sample) => sample !== 0)).toHaveLength(
    Math.ceil(length / 2) * 8000 * (length < 1 ? 0.5 : 1),
  );
});

test('an announcement is softer by the decibels asked for, and never louder', () => {
  const at = (gainDb: number) => shapeSound(second, 8000, { gainDb, mostSeconds: 60 })[0];
  expect(at(-20)).toBe(100);
  expect(at(6)).toBe(1000);
});

test('the test tone is short and neither silent nor overdriven', () => {
  const tone = testTone(16000);
  const peak = Math.max(...tone.map(Math.abs));
  expect(tone.length / 16000).toBeCloseTo(1.2);
  expect(peak).toBeGreaterThan(5000);
  expect(peak).toBeLessThan(10_000);
});
