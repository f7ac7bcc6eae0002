import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { checkRules } from '../../contract/check-rules.ts';
import { benchRules } from './measure-scene.ts';
import { appearanceLength, createWalkers } from './walkers.ts';

const run = promisify(execFile);
const main = fileURLToPath(new URL('../bench-scene-main.ts', import.meta.url));

describe('invented people', () => {
  const times = Array.from({ length: 500 }, (_, index) => index * 200);

  it('are the same each time, ten of them, seldom missed, within the picture', () => {
    const settings = { seed: 1, people: 10, habit: 'stay' as const };
    const [one, other] = [createWalkers(settings), createWalkers(settings)];
    const frames = times.map((time) => one.detectionsAt(time));
    expect(times.map((time) => other.detectionsAt(time))).toEqual(frames);
    const detections = frames.flat();
    expect(detections.length / times.length).toBeGreaterThan(9);
    expect(detections.length / times.length).toBeLessThan(10);
    for (const { box, appearance } of detections) {
      expect(box.left >= 0 && box.right <= 1 && box.bottom <= 1 && box.top < box.bottom).toBe(true);
      expect(appearance).toHaveLength(appearanceLength);
    }
  });

  it('walk, and leave the picture and come back when they may', () => {
    const walkers = createWalkers({ seed: 2, people: 10, habit: 'come-and-go' });
    const counts = times.map((time) => walkers.detectionsAt(time).length);
    expect(Math.min(...counts)).toBeLessThan(6);
    expect(Math.max(...counts)).toBeGreaterThan(6);
  });
});

it('the rules of the bench are rules', () => {
  expect(checkRules(benchRules)).toMatchObject({ ok: true });
});

it('the bench ends with its figures in JSON', async () => {
  const { stdout } = await run(process.execPath, [main, '--runs', '1', '--hours', '0']);
  const spread = { median: expect.any(Number), least: expect.any(Number) };
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({
    ...{ people: 10, runs: 1, msPerFrame: spread, wallMsPerFrame: spread, ratio: spread },
    day: { hours: 0, framesPerSecond: 3, everyHour: [] },
  });
});

it('strangers look alike as far as they are people, and everybody more like oneself', () => {
  const frames = [0, 200, 400].map(
    createWalkers({ seed: 3, people: 2, habit: 'stay' }).detectionsAt,
  );
  const cosine = (a?: Float32Array, b?: Float32Array) =>
    a?.reduce((sum, value, at) => sum + value * (b?.[at] ?? 0), 0) ?? 0;
  const looks = frames.filter((frame) => frame.length === 2).slice(0, 2);
  const [first, second] = looks.map((frame) => frame.map(({ appearance }) => appearance));
  expect(cosine(first?.[0], first?.[1])).toBeGreaterThan(0.5);
  expect(cosine(first?.[0], first?.[1])).toBeLessThan(0.75);
  expect(cosine(first?.[0], second?.[0])).toBeGreaterThan(0.85);
});
