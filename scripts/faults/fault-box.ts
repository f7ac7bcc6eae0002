/** What faults are put into: cameras as programs of their own, a broker, the real collector, a real edge; and how they are watched. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import {
  type EdgeSettings,
  type EdgeUnderTest,
  startEdge,
} from '../../src/bench/edge-under-test.ts';
import { readTopic } from '../../src/contract/topics.ts';
import { createEmbeddedBroker } from '../../src/demo/broker.ts';
import { accounts, collectorProgram } from '../harness/centre.ts';
import { pathWire } from '../harness/path-wire.ts';
import { createProgram, eventually, type Program } from '../harness/program.ts';

export type FaultCamera = Readonly<{ cameraId: string; program: Program }>;

/** `atMs` is when the broker's subscriber had it, on the monotonic clock. */
type SeenEvent = Readonly<{ kind: string; cameraId: string; cause?: string; atMs: number }>;

export type FaultBox = Readonly<{
  edge: EdgeUnderTest;
  cameras: readonly FaultCamera[];
  events: readonly SeenEvent[];
  collector: Program;
  databaseFile: string;
  stop: () => Promise<void>;
}>;

const edgeId = 'faulty';
const clip = 'test-fixtures/clips/town-square.mp4';
const liveWithinMs = 90_000;
const playWithinMs = 60_000;
const detector = {
  manifest: 'models/nanodet-416x320-int8.manifest.json',
  threads: 1,
  looks: 'adaptive',
} as const;

/**
 * `otherSources` are cameras besides the good ones, which need not give pictures. `more` is of the edge. Rejects when the good
 * ones give none.
 */
export async function startFaultBox(
  cameraCount: number,
  otherSources: readonly Readonly<{ cameraId: string; source: string }>[] = [],
  more: Partial<Pick<EdgeSettings, 'rules' | 'dataDisk' | 'outbox' | 'onLine'>> &
    Pick<EdgeSettings['cameras'][number], 'clips'> = {},
): Promise<FaultBox> {
  const folder = mkdtempSync(join(tmpdir(), 'haoguanjia-faults-'));
  const secret = randomBytes(18).toString('hex');
  const broker = createEmbeddedBroker({ port: 0, accounts: { ...accounts, [edgeId]: secret } });
  const port = await broker.start();
  const brokerUrl = `mqtt://127.0.0.1:${port}`;
  const listener = await listen(brokerUrl);
  const collector = collectorProgram({ folder, port });
  collector.start();
  const cameras = Array.from({ length: cameraCount }, (_, at) => startCamera(`cam-${at + 1}`));
  const stopSurroundings = async (): Promise<void> => {
    await Promise.all(cameras.map(({ program }) => program.end('SIGTERM')));
    await collector.end('SIGTERM');
    await listener.client.endAsync(true);
    await broker.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const play = () => cameras.every(({ source }) => source() !== undefined);
  if (!(await eventually(play, playWithinMs))) {
    await stopSurroundings();
    throw new Error('not every camera of the box plays; what it said stands above');
  }
  const { clips, ...ofEdge } = more;
  const edge = await startEdge({
    edgeId,
    brokerUrl,
    password: secret,
    cameras: [
      ...cameras.map(({ cameraId, source }) => ({
        cameraId,
        source: source() ?? '',
        ...(clips === undefined ? {} : { clips }),
      })),
      ...otherSources.map(({ cameraId, source }) => ({ cameraId, source })),
    ],
    rules: pathWire,
    analysisFps: 5,
    detector,
    ...ofEdge,
  });
  const stop = async (): Promise<void> => {
    await edge.stop();
    await stopSurroundings();
  };
  const isUp = async (): Promise<boolean> => {
    const figures = await edge.figures().catch(() => new Map<string, number>());
    return cameras.every(({ cameraId }) => figures.get(upOf(cameraId)) === 1);
  };
  const hasEnded = (): boolean => edge.ended() !== undefined;
  await eventually(async () => hasEnded() || (await isUp()), liveWithinMs);
  if (hasEnded() || !(await isUp())) {
    const said = edge.ended() ?? 'it runs';
    await stop();
    throw new Error(`the good cameras of the box gave no pictures: ${said}`);
  }
  const databaseFile = join(folder, 'data', 'collector.sqlite');
  return { edge, cameras, events: listener.events, collector, databaseFile, stop };
}

function upOf(cameraId: string): string {
  return `haoguanjia_camera_up{camera="${cameraId}"}`;
}

/** It has an address once it plays. */
function startCamera(cameraId: string) {
  let address: string | undefined;
  const program = createProgram({
    name: cameraId,
    command: () => [process.execPath, 'scripts/faults/camera-process.ts', '0', clip],
    onLine: (line) => {
      address ??= line;
    },
  });
  program.start();
  return { cameraId, program, source: () => address };
}

async function listen(url: string) {
  const events: SeenEvent[] = [];
  const account = { username: 'collector', password: accounts.collector };
  const client = await mqtt.connectAsync(url, { ...account, protocolVersion: 4 });
  client.on('message', (topic, payload) => {
    const read = readTopic(topic);
    if (read?.kind !== 'event') return;
    const { data } = JSON.parse(payload.toString()) as { data: Omit<SeenEvent, 'atMs'> };
    const { kind, cameraId, cause } = data;
    events.push({
      kind,
      cameraId,
      ...(cause === undefined ? {} : { cause }),
      atMs: performance.now(),
    });
  });
  await client.subscribeAsync('haoguanjia/v1/+/event/+', { qos: 1 });
  return { client, events };
}
