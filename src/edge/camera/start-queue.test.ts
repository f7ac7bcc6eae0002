/** Who starts when. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createStartQueue } from './start-queue.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const never = new AbortController().signal;

test('sixteen cameras that come at once start in order, a quarter of a second apart', async () => {
  const queue = createStartQueue(250);
  const began = performance.now();
  const starts: (readonly [number, number])[] = [];
  for (let one = 0; one < 16; one += 1) {
    void queue.turn(never).then(() => starts.push([one, performance.now() - began]));
  }
  await vi.advanceTimersByTimeAsync(20_000);
  expect(starts.map(([one]) => one)).toEqual(Array.from({ length: 16 }, (_, one) => one));
  const gaps = starts.slice(1).map(([, at], index) => at - (starts[index]?.[1] ?? 0));
  expect(starts[0]?.[1]).toBe(0);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(250);
  expect(starts.at(-1)?.[1]).toBeLessThan(4000);
});

test('one that is not wanted any more gives its turn to the next', async () => {
  const queue = createStartQueue(250);
  const stop = new AbortController();
  const turns: [string, boolean][] = [];
  void queue.turn(never).then((its) => turns.push(['first', its]));
  void queue.turn(stop.signal).then((its) => turns.push(['second', its]));
  void queue.turn(never).then((its) => turns.push(['third', its]));
  stop.abort();
  await vi.advanceTimersByTimeAsync(260);
  expect(turns).toEqual([
    ['first', true],
    ['second', false],
    ['third', true],
  ]);
  expect(await queue.turn(stop.signal)).toBe(false);
});

test('one that comes alone after a while does not wait', async () => {
  const queue = createStartQueue(250);
  await queue.turn(never);
  await vi.advanceTimersByTimeAsync(300);
  const began = performance.now();
  await queue.turn(never);
  expect(performance.now()).toBe(began);
});
