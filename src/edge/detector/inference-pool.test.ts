/** The pool with the real model: what cameras hand in comes back to them, the newest first, in turns. */
import { BroadcastChannel, MessageChannel, Worker } from 'node:worker_threads';
import { pino } from 'pino';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Frame } from '../camera/frame.ts';
import { createDetector, type Detector } from './detector.ts';
import type { InferenceRequest } from './inference-messages.ts';
import { createInferencePool, type InferencePool } from './inference-pool.ts';
import { createLocalDetector } from './local-detector.ts';
import type { ModelFacts } from './model-manifest.ts';
import { createRequestQueue } from './request-queue.ts';

const manifestPath = 'models/nanodet-416x320-int8.manifest.json';
let pool: InferencePool;
let frame: Frame;
let model: ModelFacts;
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
  model = await pool.start();
  for (let camera = 0; camera < 3; camera += 1) {
    detectors.push(createDetector({ port: pool.connect(`cam-${camera}`), model }));
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
    const wrong = createDetector({ port: pool.connect('cam-1'), model: { ...model, input } });
    expect(await wrong.detect(frame)).toBe('failed');
    expect(await wrong.detect(frame)).toBe('failed');
    wrong.close();
    expect(await detectors[0]?.detect(frame)).toEqual(expect.arrayContaining([expect.anything()]));
  });

  test('forgets the frames of a camera that has gone', async () => {
    const model = await createLocalDetector(manifestPath);
    const leaving = createDetector({ port: pool.connect('cam-1'), model: model.model });
    await leaving.detect(frame);
    leaving.close();
    await model.close();
    expect(await detectors[1]?.detect(frame)).not.toBe('superseded');
  });
});

/** Looks again and again, and counts. */
const lookingCamera = `
  import { workerData } from 'node:worker_threads';
  const { program, port, model, frame, looked } = workerData;
  const { createDetector } = await import(program);
  const detector = createDetector({ port, model });
  for (;;) {
    await detector.detect(frame);
    Atomics.add(looked, 0, 1);
    Atomics.notify(looked, 0);
  }
`;

test('looks go on while the main thread stands still, as it does when its disk is slow', async () => {
  const looked = new Int32Array(new SharedArrayBuffer(4));
  const program = new URL('./detector.ts', import.meta.url).href;
  const port = pool.connect('cam-9');
  const camera = new Worker(new URL(`data:text/javascript,${encodeURIComponent(lookingCamera)}`), {
    workerData: { program, port, model, frame, looked },
    transferList: [port],
  });
  await expect.poll(() => looked[0], { timeout: 30_000 }).toBeGreaterThan(0);
  const enough = Atomics.load(looked, 0) + 4;
  const giveUpAtMs = performance.now() + 30_000;
  for (let now = Atomics.load(looked, 0); now < enough; now = Atomics.load(looked, 0)) {
    if (performance.now() > giveUpAtMs) break;
    Atomics.wait(looked, 0, now, 1000);
  }
  expect(Atomics.load(looked, 0)).toBeGreaterThanOrEqual(enough);
  await camera.terminate();
}, 90_000);

test('a pool that is stopped in the middle of a look ends whole, and takes nobody with it', async () => {
  for (let round = 0; round < 8; round += 1) {
    const own = createInferencePool({ manifestPath, logger: pino({ level: 'silent' }) });
    await own.start();
    const detector = createDetector({ port: own.connect('cam-1'), model, onLost: () => undefined });
    await detector.detect(frame);
    void detector.detect(frame);
    await new Promise((resolve) => setTimeout(resolve, round * 2));
    await own.stop();
    detector.close();
  }
}, 90_000);

test('a pool that dies is started again, and whoever asked it is told that it is gone', async () => {
  const name = `death of a pool ${process.pid}`;
  const mortal = `
    import { BroadcastChannel } from 'node:worker_threads';
    new BroadcastChannel('${name}').onmessage = () => { throw new Error('a bug'); };
    await import('${new URL('./inference-pool-thread.ts', import.meta.url).href}');
  `;
  const program = new URL(`data:text/javascript,${encodeURIComponent(mortal)}`);
  const own = createInferencePool({ manifestPath, logger: pino({ level: 'silent' }), program });
  await own.start();
  let lost = 0;
  let detector = createDetector({ port: own.connect('cam-1'), model });
  const connect = (): void => {
    detector = createDetector({
      port: own.connect('cam-1'),
      model,
      // As the supervisor does with a worker that ended, but at once.
      onLost: () => {
        lost += 1;
        setTimeout(connect, 50);
      },
    });
  };
  connect();
  expect(await detector.detect(frame)).toEqual(expect.arrayContaining([expect.anything()]));
  const death = new BroadcastChannel(name);
  death.postMessage('now');
  await expect.poll(() => lost, { timeout: 30_000 }).toBeGreaterThan(0);
  let seen: unknown;
  for (const giveUpAtMs = performance.now() + 60_000; performance.now() < giveUpAtMs; ) {
    const pause = new Promise((resolve) => setTimeout(resolve, 500, 'no answer'));
    seen = await Promise.race([detector.detect(frame), pause]);
    if (Array.isArray(seen)) break;
  }
  expect(seen).toEqual(expect.arrayContaining([expect.anything()]));
  death.close();
  detector.close();
  await own.stop();
}, 100_000);

test("a look that is never answered is given up, and its late answer is not taken for the next one's", async () => {
  const { port1, port2 } = new MessageChannel();
  const lost: string[] = [];
  const asked: InferenceRequest[] = [];
  port2.on('message', (request: InferenceRequest) => asked.push(request));
  const detector = createDetector({
    port: port1,
    model,
    patienceMs: 2000,
    onLost: (what) => lost.push(what),
  });
  expect(await detector.detect(frame)).toBe('failed');
  expect(lost).toEqual(['answer']);
  const again = detector.detect(frame);
  await expect.poll(() => asked.length, { interval: 5 }).toBe(2);
  const [late, next] = asked.map(({ requestId, pixels }) => ({ requestId, pixels }));
  port2.postMessage({ kind: 'detections', detections: [], tookMs: 1, ...late });
  port2.postMessage({ kind: 'superseded', ...next });
  expect(await again).toBe('superseded');
  detector.close();
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
