/** Runs the box and its surroundings, lets one camera after the other go away for a moment, and samples the box in between. */
import { randomBytes } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { BenchClips } from '../../src/bench/bench-clips.ts';
import { type EdgeUnderTest, startEdge } from '../../src/bench/edge-under-test.ts';
import { startEventTaker } from '../../src/bench/event-taker.ts';
import { createEmbeddedBroker } from '../../src/demo/broker.ts';
import { createRtspServer, type RtspServer } from '../../src/demo/rtsp-server.ts';
import { childrenOf } from '../../src/testing/processes.ts';
import { pathWire } from '../harness/path-wire.ts';
import { residentMb } from '../harness/process-cost.ts';
import type { BoxHeaps } from './box-heaps.ts';
import type { BoxSample } from './report.ts';

type SoakSettings = Readonly<{
  seconds: number;
  cameras: number;
  busy: number;
  everySeconds: number;
  warmUpSeconds: number;
  clips: BenchClips;
  say: (line: string) => void;
}>;

type Soaked = Readonly<{
  /** Of the warm-up, and those that are judged. */
  warmUp: readonly BoxSample[];
  samples: readonly BoxSample[];
  reconnects: number;
}>;

const edgeId = 'soak';
const liveWithinMs = 120_000;
const probe = new URL('./heap-probe.ts', import.meta.url).href;

export async function soakBox(settings: SoakSettings): Promise<Soaked> {
  const { cameras, busy, clips } = settings;
  const names = Array.from({ length: cameras }, (_, at) => `cam-${at + 1}`);
  const server = createRtspServer({
    cameras: names.map((path, at) => ({ path, file: at < busy ? clips.busy : clips.quiet })),
  });
  const secrets = {
    edge: randomBytes(18).toString('hex'),
    collector: randomBytes(18).toString('hex'),
  };
  const accounts = { [edgeId]: secrets.edge, collector: secrets.collector };
  const broker = createEmbeddedBroker({ port: 0, accounts });
  const { url: addressOf } = await server.start();
  const url = `mqtt://127.0.0.1:${await broker.start()}`;
  const account = { username: 'collector', password: secrets.collector };
  const taker = await startEventTaker({ url, edgeId, ...account });
  const edge = await startEdge({
    edgeId,
    brokerUrl: url,
    password: secrets.edge,
    cameras: names.map((cameraId) => ({ cameraId, source: addressOf(cameraId) })),
    rules: pathWire,
    analysisFps: 5,
    detector: {
      manifest: 'models/nanodet-416x320-int8.manifest.json',
      threads: 1,
      looks: 'adaptive',
    },
    nodeOptions: ['--expose-gc', '--import', probe],
  });
  try {
    await untilUp(edge, cameras);
    return await churn(settings, { edge, server, names });
  } finally {
    await edge.stop();
    await taker.stop();
    await broker.stop();
    await server.stop();
  }
}

type Running = Readonly<{ edge: EdgeUnderTest; server: RtspServer; names: readonly string[] }>;

/** Round after round: a camera goes away, all are back, the box is sampled. */
async function churn(
  { seconds, everySeconds, warmUpSeconds, say }: SoakSettings,
  { edge, server, names }: Running,
): Promise<Soaked> {
  const warmUp: BoxSample[] = [];
  const samples: BoxSample[] = [];
  const startMs = performance.now();
  let reconnects = 0;
  for (;;) {
    const roundMs = performance.now();
    if (roundMs - startMs >= seconds * 1000) return { warmUp, samples, reconnects };
    const name = names[reconnects % names.length] ?? '';
    server.drop(name);
    // Shorter and longer than the box waits before it tries again.
    await wait(300 + (reconnects % 3) * 800);
    server.resume(name);
    reconnects += 1;
    await wait(Math.max(0, roundMs + everySeconds * 800 - performance.now()));
    const sample = await sampleBox(edge);
    (performance.now() - startMs > warmUpSeconds * 1000 ? samples : warmUp).push(sample);
    say(lineOf(sample, (performance.now() - startMs) / 1000));
    await wait(Math.max(0, roundMs + everySeconds * 1000 - performance.now()));
  }
}

async function sampleBox(edge: EdgeUnderTest): Promise<BoxSample> {
  const ended = edge.ended();
  if (ended !== undefined) throw new Error(`the edge ended: ${ended}`);
  // Before anything is asked over HTTP, which takes a descriptor for itself.
  const descriptors = readdirSync(`/proc/${edge.pid}/fd`).length;
  const children = childrenOf(edge.pid);
  const { threads, loopDelayMs } = (await edge.ask('measure')) as BoxHeaps;
  const rssBytes = residentMb(edge.pid) * 1024 ** 2;
  return {
    atMs: performance.now(),
    threads,
    rssBytes,
    descriptors,
    children: children.length,
    zombies: children.filter(({ isZombie }) => isZombie).length,
    loopDelayMs,
    walBytes: walBytesOf(edge),
    ...(await figuresOf(edge)),
  };
}

async function figuresOf(edge: EdgeUnderTest): Promise<Pick<BoxSample, 'up' | 'waiting'>> {
  const figures = await edge.figures();
  const up = [...figures].filter(
    ([name, value]) => name.startsWith('haoguanjia_camera_up{') && value === 1,
  ).length;
  return { up, waiting: figures.get('haoguanjia_edge_outbox_rows') ?? Number.NaN };
}

/** Of the largest write-ahead log of the box's databases. */
function walBytesOf({ dataFolder }: EdgeUnderTest): number {
  const logs = readdirSync(dataFolder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('-wal'),
  );
  return Math.max(
    0,
    ...logs.map((name) => statSync(join(dataFolder, name), { throwIfNoEntry: false })?.size ?? 0),
  );
}

async function untilUp(edge: EdgeUnderTest, cameras: number): Promise<void> {
  const giveUpAtMs = performance.now() + liveWithinMs;
  for (;;) {
    const ended = edge.ended();
    if (ended !== undefined) throw new Error(`the edge ended: ${ended}`);
    const { up } = await figuresOf(edge).catch(() => ({ up: 0 }));
    if (up === cameras) return;
    if (performance.now() > giveUpAtMs)
      throw new Error(`only ${up} of ${cameras} cameras gave pictures within two minutes`);
    await wait(250);
  }
}

function lineOf({ threads, rssBytes, descriptors, children, up }: BoxSample, seconds: number) {
  const heapMiB = threads.reduce((sum, { heapUsed }) => sum + heapUsed, 0) / 1024 ** 2;
  const rssMiB = Math.round(rssBytes / 1024 ** 2);
  return `${Math.round(seconds)} s: heap ${heapMiB.toFixed(2)} MiB in ${threads.length} threads, rss ${rssMiB} MiB, ${descriptors} descriptors, ${children} children, ${up} cameras up`;
}
