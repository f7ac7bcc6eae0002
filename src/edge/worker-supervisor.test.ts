/** Workers that crash, with real RTSP and real ffmpeg; the detector never answers, which a worker must bear. */
import { MessageChannel } from 'node:worker_threads';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { CameraRules } from '../contract/rule.ts';
import { createRtspServer, type RtspServer } from '../demo/rtsp-server.ts';
import { childrenOf } from '../testing/processes.ts';
import type { FromWorker } from './worker-messages.ts';
import { createWorkerSupervisor } from './worker-supervisor.ts';

const rules = { version: 0, rules: { schemaVersion: 1 } } as const;
/** Kept, because a port that nobody holds closes the other one. */
const channels: MessageChannel[] = [];
const unanswering = () => {
  const channel = new MessageChannel();
  channels.push(channel);
  return channel.port1;
};
/** No worker can apply these: it dies of them as of any bug. */
const poison = { version: 1, rules: undefined as unknown as CameraRules };

let server: RtspServer;
let url: (path: string) => string;
beforeAll(async () => {
  server = createRtspServer({
    cameras: [
      { path: 'a', file: 'test-fixtures/clips/town-square.mp4' },
      { path: 'b', file: 'test-fixtures/clips/town-square.mp4' },
    ],
  });
  ({ url } = await server.start());
});
afterAll(async () => {
  await server.stop();
  for (const { port2 } of channels) port2.close();
});

test('a worker that crashes again and again leaves no zombie, comes back, and touches no other camera', async () => {
  const said: (readonly [string, FromWorker])[] = [];
  const statesOf = (cameraId: string) =>
    said.flatMap(([of, message]) =>
      of === cameraId && message.kind === 'state' ? [message.state] : [],
    );
  const before = childrenOf(process.pid).length;
  const camera = { analysisFps: 5, name: 'x' };
  const supervisor = createWorkerSupervisor({
    cameras: ['a', 'b'].map((cameraId) => ({ ...camera, cameraId, source: url(cameraId) })),
    connectInference: unanswering,
    rulesOf: () => rules,
    onMessage: (cameraId, message) => said.push([cameraId, message]),
    logger: pino({ level: 'silent' }),
  });
  supervisor.start({ version: 'none', input: { width: 64, height: 64 } } as never);
  const isLive = () =>
    vi.waitFor(
      () => expect([statesOf('a').at(-1), statesOf('b').at(-1)]).toEqual(['live', 'live']),
      {
        timeout: 10_000,
      },
    );
  await isLive();
  for (let crash = 0; crash < 2; crash += 1) {
    supervisor.applyRules('a', poison);
    await vi.waitFor(() => expect(statesOf('a').at(-1)).toBe('offline'), { timeout: 5000 });
    await isLive();
  }
  const children = childrenOf(process.pid);
  expect(children.filter(({ isZombie }) => isZombie)).toEqual([]);
  expect(children.length).toBe(before + 2);
  expect(statesOf('b')).toEqual(['connecting', 'live']);
  await supervisor.stop();
  expect(childrenOf(process.pid).length).toBe(before);
});

/** Tells that it lives as a camera worker does; the first life of camera `a` hangs after its first word. */
const hangingOnce = `
  import { parentPort, workerData } from 'node:worker_threads';
  const tell = () => parentPort.postMessage({ kind: 'rules-applied', version: workerData.rules.version });
  tell();
  if (workerData.camera.cameraId === 'a' && workerData.rules.version === 1) for (;;);
  setInterval(tell, 20);
  parentPort.on('message', () => process.exit());
`;

test('a worker that hangs is ended and started again, and no other one is', async () => {
  const heard: string[] = [];
  const lives = new Map<string, number>();
  const camera = { analysisFps: 5, name: 'x', source: 'none.mp4' };
  const supervisor = createWorkerSupervisor({
    cameras: ['a', 'b'].map((cameraId) => ({ ...camera, cameraId })),
    connectInference: unanswering,
    rulesOf: (cameraId) => {
      const version = (lives.get(cameraId) ?? 0) + 1;
      lives.set(cameraId, version);
      return { version, rules: { schemaVersion: 1 } };
    },
    onMessage: (cameraId, message) => {
      if (message.kind === 'rules-applied') heard.push(`${cameraId}${message.version}`);
    },
    logger: pino({ level: 'silent' }),
    program: new URL(`data:text/javascript,${encodeURIComponent(hangingOnce)}`),
    judgeEveryMs: 200,
  });
  supervisor.start({} as never);
  await vi.waitFor(() => expect(heard).toContain('a2'), { timeout: 30_000 });
  const [aHeard, bHeard] = [
    heard.filter((one) => one === 'a1'),
    heard.filter((one) => one === 'b1'),
  ];
  expect(aHeard).toEqual(['a1']);
  expect(bHeard.length).toBeGreaterThan(5);
  expect([...lives]).toEqual([
    ['a', 2],
    ['b', 1],
  ]);
  await supervisor.stop();
});

/** Lives long enough to say so, and dies of a bug each time. */
const dyingSoon = `
  import { parentPort } from 'node:worker_threads';
  parentPort.postMessage({ kind: 'pulse' });
  setTimeout(() => { throw new Error('a bug'); }, 50);
`;

test('a worker that dies soon after each start is started ever more seldom, though it said that it was well', async () => {
  const waits: number[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => tell(line) });
  const tell = (line: string): void => {
    const { restartMs } = JSON.parse(line) as { restartMs?: number };
    if (restartMs !== undefined) waits.push(restartMs);
  };
  const supervisor = createWorkerSupervisor({
    cameras: [{ cameraId: 'a', name: 'x', source: 'none', analysisFps: 5 }],
    connectInference: unanswering,
    rulesOf: () => rules,
    onMessage: () => undefined,
    logger,
    program: new URL(`data:text/javascript,${encodeURIComponent(dyingSoon)}`),
  });
  supervisor.start({ version: 'none', input: { width: 64, height: 64 } } as never);
  await vi.waitFor(() => expect(waits).toEqual([1000, 2000, 4000]), { timeout: 15_000 });
  await supervisor.stop();
});
