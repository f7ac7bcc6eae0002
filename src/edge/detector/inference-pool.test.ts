/** The pool with the real model: what cameras hand in comes back to them, the newest first, in turns. */
import { pino } from 'pino';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Frame } from '../camera/frame.ts';
import { createDetector, type Detector } from './detector.ts';
import { createInferencePool, type InferencePool } from './inference-pool.ts';
import { createLocalDetector } from './local-detector.ts';
import { createRequestQueue } from './request-queue.ts';

const manifestPath = 'models/nanodet-416x320-int8.manifest.json';
let pool: InferencePool;
let frame: Frame;
const detectors: Detector[] = [];

beforeAll(async () => {
  const { data, info } = await sharp('models/check-picture.jpg')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  frame = {
    cameraId: 'cam-1',
    frameNumber: 1,
    capturedAtMs: 0,
    mediaTimeMs: 0,
    width: info.width,
    height: info.height,
    sourceWidth: info.width,
    sourceHeight: info.height,
    pixels: new Uint8Array(data),
  };
  pool = createInferencePool({ manifestPath, logger: pino({ level: 'silent' }) });
  const model = await pool.start();
  for (let camera = 0; camera < 3; camera += 1) {
    detectors.push(createDetector({ port: pool.connect(), model }));
  }
});
afterAll(async () => {
  for (const detector of detectors) detector.close();
  await pool.stop();
});

describe('the inference pool', () => {
  test('finds what a detector in this thread finds', async () => {
    const local = await createLocalDetector(manifestPath);
    const expected = await local.detect(frame);
    await local.close();
    expect(expected.length).toBeGreaterThan(0);
    const boxes = (found: unknown) =>
      (found as typeof expected).map(({ box, label, confidence }) => ({ box, label, confidence }));
    expect(boxes(await detectors[0]?.detect(frame))).toEqual(boxes(expected));
  });

  test('lets only one frame of a busy camera wait, and never starves the others', async () => {
    const ended: string[] = [];
    const detect = async (camera: number, name: string): Promise<void> => {
      const answer = await detectors[camera]?.detect(frame);
      ended.push(`${name} ${answer === 'superseded' ? 'superseded' : 'seen'}`);
    };
    const greedy = [1, 2, 3, 4, 5].map((count) => detect(0, `greedy ${count}`));
    await Promise.all([...greedy, detect(1, 'quiet'), detect(2, 'other')]);
    const seen = ended.filter((end) => end.endsWith('seen'));
    expect(seen).toContain('quiet seen');
    expect(seen).toContain('other seen');
    expect(seen.length).toBeLessThanOrEqual(4);
  });

  test('an inference that fails costs its frame and nothing else', async () => {
    const { model, close } = await createLocalDetector(manifestPath);
    await close();
    const input = { ...model.input, width: 32, height: 32 };
    const wrong = createDetector({ port: pool.connect(), model: { ...model, input } });
    expect(await wrong.detect(frame)).toBe('failed');
    expect(await wrong.detect(frame)).toBe('failed');
    wrong.close();
    expect(await detectors[0]?.detect(frame)).toEqual(expect.arrayContaining([expect.anything()]));
  });

  test('forgets the frames of a camera that has gone', async () => {
    const model = await createLocalDetector(manifestPath);
    const leaving = createDetector({ port: pool.connect(), model: model.model });
    await leaving.detect(frame);
    leaving.close();
    await model.close();
    expect(await detectors[1]?.detect(frame)).not.toBe('superseded');
  });
});

test('cameras take turns in the order in which they began to wait', () => {
  const queue = createRequestQueue<string>();
  expect(queue.add(1, 'a1', false, 0)).toBeUndefined();
  queue.add(2, 'b1', false, 10);
  expect(queue.add(1, 'a2', false, 20)).toBe('a1');
  queue.add(3, 'c1', false, 30);
  queue.forget(3);
  expect([queue.next(40), queue.next(50), queue.next(60)]).toEqual([
    { camera: 1, request: 'a2', waitedMs: 40 },
    { camera: 2, request: 'b1', waitedMs: 40 },
    undefined,
  ]);
});

test('too much to do: where something is about to be decided goes first, and no camera starves', () => {
  const queue = createRequestQueue<string>();
  const served = new Map<number, number>();
  // Four cameras ask five times a second, one of them urgently; there is time for five looks a second.
  for (let nowMs = 0; nowMs < 20_000; nowMs += 200) {
    for (let camera = 0; camera < 4; camera += 1) queue.add(camera, 'x', camera === 3, nowMs);
    const camera = queue.next(nowMs)?.camera ?? -1;
    served.set(camera, (served.get(camera) ?? 0) + 1);
  }
  const quiet = [0, 1, 2].map((camera) => served.get(camera) ?? 0);
  expect(Math.min(...quiet)).toBeGreaterThanOrEqual(15);
  expect(Math.max(...quiet) - Math.min(...quiet)).toBeLessThanOrEqual(2);
  expect(served.get(3)).toBeGreaterThanOrEqual(Math.max(...quiet));
});
