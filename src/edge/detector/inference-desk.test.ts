/**
 * No request is ever lost, whatever threads and cameras do: real threads that run a program which dies, hangs, answers late,
 * twice or for somebody else, and cameras that come and go while they are looked at.
 */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { createInferenceDesk, type InferenceDesk } from './inference-desk.ts';
import type { InferenceAnswer, InferenceRequest, PoolLog } from './inference-messages.ts';

const deeds = [
  'sees',
  'late',
  'fails',
  'dies',
  'throws',
  'hangs',
  'blocks',
  'twice',
  'other',
  'stays',
] as const;
type Deed = (typeof deeds)[number];
/** What stays is let go by the test's hand alone. */
const passing = deeds.filter((deed) => deed !== 'stays');
let gate: Int32Array;
beforeEach(() => {
  gate = new Int32Array(new SharedArrayBuffer(4));
});

/** What it does with a request is the picture's first byte. */
const unreliable = `
  import { parentPort, workerData } from 'node:worker_threads';
  const deeds = ${JSON.stringify(deeds)};
  parentPort.on('message', (message) => {
    if (message.kind === 'stop') process.exit(0);
    const { requestId, pixels } = message.request;
    const see = (id = requestId) =>
      parentPort.postMessage({ kind: 'detections', requestId: id, detections: [], tookMs: 1, pixels });
    switch (deeds[pixels[0]]) {
      case 'sees': return see();
      case 'late': return void setTimeout(see, 25);
      case 'fails': return parentPort.postMessage({ kind: 'failed', requestId, pixels, reason: 'so' });
      case 'dies': return process.exit(1);
      case 'throws': throw new Error('a bug');
      case 'hangs': return;
      // As inside the runtime, where no message and no timer gets through.
      case 'blocks': return void Atomics.wait(workerData.gate, 0, 0, 300);
      case 'stays': return void Atomics.wait(workerData.gate, 0, 0);
      case 'twice': see(); return see();
      case 'other': see(requestId + 1000); return see();
    }
  });
  parentPort.postMessage({ kind: 'ready' });
`;

function openDesk(
  log: PoolLog = () => undefined,
  onStuck: (reason: string) => void = () => undefined,
): InferenceDesk {
  return createInferenceDesk({
    start: { gate } as never,
    count: 2,
    log,
    onStuck,
    program: new URL(`data:text/javascript,${encodeURIComponent(unreliable)}`),
    restartMs: 5,
    endsWithinMs: 2000,
    standsStillMs: 400,
  });
}

type Camera = Readonly<{
  ask: (deed: Deed) => number;
  /** How often each request was answered. */
  answers: ReadonlyMap<number, readonly InferenceAnswer['kind'][]>;
  leave: () => void;
}>;

function connect(desk: InferenceDesk, cameraId: string): Camera {
  const { port1, port2 } = new MessageChannel();
  desk.connect(cameraId, port1);
  return cameraAt(port2);
}

function cameraAt(port: MessagePort): Camera {
  const answers = new Map<number, InferenceAnswer['kind'][]>();
  let requests = 0;
  port.on('message', ({ requestId, kind }: InferenceAnswer) => {
    const known = answers.get(requestId) ?? [];
    answers.set(requestId, [...known, kind]);
  });
  return {
    answers,
    ask: (deed) => {
      requests += 1;
      answers.set(requests, []);
      const pixels = Uint8Array.of(deeds.indexOf(deed));
      const placement = { left: 0, top: 0, width: 1, height: 1 };
      const request: InferenceRequest = { requestId: requests, pixels, placement };
      port.postMessage(request, [pixels.buffer]);
      return requests;
    },
    leave: () => port.close(),
  };
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The desk's seconds go by quickly here. */
async function untilSettled(desk: InferenceDesk, isSettled: () => boolean): Promise<void> {
  const giveUpAtMs = performance.now() + 30_000;
  while (!(isSettled() && desk.owed() === 0) && performance.now() < giveUpAtMs) {
    desk.tick();
    await pause(3);
  }
}

type Step =
  | Readonly<{ kind: 'ask'; camera: number; deed: Deed }>
  | Readonly<{ kind: 'restart'; camera: number }>
  | Readonly<{ kind: 'wait' }>;

const camera = fc.nat({ max: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      camera,
      deed: fc.constantFrom(...passing),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), camera }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const) }) },
);

test('whatever happens, every request of a camera that stays is answered once, and all can look again', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 25 }), async (steps) => {
      const desk = openDesk();
      await desk.start();
      const cameras = [0, 1, 2, 3].map((at) => connect(desk, `cam-${at}`));
      for (const one of steps) {
        if (one.kind === 'ask') cameras[one.camera]?.ask(one.deed);
        else if (one.kind === 'wait') {
          desk.tick();
          await pause(4);
        } else {
          cameras[one.camera]?.leave();
          cameras[one.camera] = connect(desk, `cam-${one.camera}`);
        }
      }
      const counts = () =>
        cameras.flatMap(({ answers }) => [...answers.values()].map((all) => all.length));
      await untilSettled(desk, () => counts().every((count) => count > 0));
      expect(counts().every((count) => count === 1)).toBe(true);

      const last = cameras.map((one) => one.ask('sees'));
      const lastAnswers = () => cameras.map(({ answers }, at) => answers.get(last[at] ?? 0)?.[0]);
      await untilSettled(desk, () => !lastAnswers().includes(undefined));
      expect(lastAnswers()).toEqual(cameras.map(() => 'detections'));
      expect(desk.owed()).toBe(0);
      for (const one of cameras) one.leave();
      await desk.stop();
    }),
    { numRuns: 12, seed: 7 },
  );
}, 120_000);

test('a thread that hangs is given up, said so, and its camera is answered', async () => {
  const said: string[] = [];
  const desk = openDesk((level, message) => said.push(`${level}: ${message}`));
  await desk.start();
  const cameras = [connect(desk, 'cam-1'), connect(desk, 'cam-2')];
  for (const one of cameras) one.ask('blocks');
  const answersOf = (at: number) => [...(cameras[at]?.answers.values() ?? [])].flat();
  await untilSettled(desk, () => answersOf(0).length > 0 && answersOf(1).length > 0);
  expect([answersOf(0), answersOf(1)]).toEqual([['failed'], ['failed']]);
  expect(
    said.filter((line) => line === 'warn: inference thread hangs; another is started'),
  ).toHaveLength(2);
  await desk.stop();
}, 60_000);

test('when three threads hang no other is started, which is said, and looks go on as soon as one comes back', async () => {
  const said: string[] = [];
  const desk = openDesk(undefined, (reason) => said.push(reason));
  await desk.start();
  const cameras = ['a', 'b', 'c'].map((cameraId) => connect(desk, cameraId));
  for (const one of cameras) one.ask('stays');
  const answers = (at: number) => [...(cameras[at]?.answers.values() ?? [])].flat();
  await untilSettled(desk, () => [0, 1, 2].every((at) => answers(at).length > 0));
  expect(said).toEqual(['3 inference threads hang']);
  for (const one of cameras) one.ask('sees');
  // One thread is left of two: the second is not replaced any more.
  await untilSettled(desk, () => [0, 1, 2].every((at) => answers(at).length === 2));
  expect(answers(2)).toEqual(['failed', 'detections']);
  cameras[0]?.ask('dies');
  await untilSettled(desk, () => answers(0).length === 3);
  cameras[0]?.ask('sees');
  for (let tick = 0; tick < 20; tick += 1) {
    desk.tick();
    await pause(5);
  }
  expect(desk.owed()).toBe(1);
  Atomics.store(gate, 0, 1);
  Atomics.notify(gate, 0);
  await untilSettled(desk, () => answers(0).length === 4);
  expect(answers(0).at(-1)).toBe('detections');
  await desk.stop();
}, 60_000);

test('while no look is answered it says so and names the cameras, and says when that is over', async () => {
  const said: Parameters<PoolLog>[] = [];
  const desk = openDesk((...line) => said.push(line));
  await desk.start();
  const cameras = ['a', 'b', 'c'].map((cameraId) => connect(desk, cameraId));
  for (const one of cameras) one.ask('hangs');
  // Nobody judges the threads meanwhile.
  await expect
    .poll(() => desk.figures().isOverloaded, { timeout: 30_000, interval: 100 })
    .toBe(true);
  expect(desk.figures().late.map(({ cameraId }) => cameraId)).toEqual(['c']);
  expect(desk.figures().waitMs).toBeGreaterThan(400);
  await untilSettled(desk, () => desk.owed() === 0);
  expect(said).toContainEqual([
    'error',
    'no look has been answered for seconds',
    { cameras: ['c'] },
  ]);
  expect(said.map(([, message]) => message)).toContain('looks are answered again');
  expect(desk.figures()).toMatchObject({ isOverloaded: false, late: [{ cameraId: 'c' }] });
  await desk.stop();
}, 60_000);
