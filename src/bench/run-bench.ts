/** Starts cameras, broker, edge and motion, lets them settle, measures, and ends them again. */
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { CameraRules } from '../contract/rule.ts';
import { createEmbeddedBroker } from '../demo/broker.ts';
import { createRtspServer } from '../demo/rtsp-server.ts';
import type { BenchClips } from './bench-clips.ts';
import type { BenchOptions } from './bench-options.ts';
import { benchText, howItIsCounted } from './bench-text.ts';
import { type EdgeUnderTest, startEdge } from './edge-under-test.ts';
import { type EventTaker, startEventTaker } from './event-taker.ts';
import { type CameraKind, type Reading, type RunFigures, runFigures } from './figures.ts';
import { type LiveWatcher, startLiveWatcher } from './live-watcher.ts';
import { type MotionUnderTest, startMotion } from './motion-under-test.ts';
import { processTimes } from './processor-time.ts';

const edgeId = 'bench';
const liveWithinMs = 60_000;
/** Each reading costs the box some milliseconds, which are counted as its own. */
const sampleEveryMs = 2000;

type Output = Readonly<{ say: (line: string) => void; print: (text: string) => void }>;
type Broker = Readonly<{
  url: string;
  password: string;
  taker: EventTaker;
  watcher: LiveWatcher | undefined;
}>;

export async function runBench(options: BenchOptions, clips: BenchClips, { say, print }: Output) {
  const kinds = kindsOf(options);
  const server = createRtspServer({
    cameras: [...kinds].map(([path, kind]) => ({ path, file: clips[kind] })),
  });
  const secrets = { edge: secret(), collector: secret() };
  const accounts = { [edgeId]: secrets.edge, collector: secrets.collector };
  const embedded = createEmbeddedBroker({ port: 0, accounts });
  const { url: addressOf } = await server.start();
  const url = `mqtt://127.0.0.1:${await embedded.start()}`;
  const account = { username: 'collector', password: secrets.collector };
  const taker = await startEventTaker({ url, edgeId, ...account });
  const isWatched = options.live !== 'none';
  const watcher = isWatched ? await startLiveWatcher({ url, edgeId, ...account }) : undefined;
  const broker = { url, password: secrets.edge, taker, watcher };
  try {
    const runs = [];
    for (const run of options.runs) {
      const title = titleOf(options, run);
      say(`${title}: ${kinds.size} cameras, ${options.seconds} s`);
      const measured = await measure({ ...options, ...run }, kinds, addressOf, broker, say);
      print(`${benchText(title, measured.figures)}\n${motionText(measured.motion)}\n`);
      runs.push({ ...run, ...measured.figures, motion: measured.motion });
    }
    print(howItIsCounted);
    return { ...runs[0], ...(runs.length > 1 ? { runs } : {}) };
  } finally {
    await watcher?.stop();
    await taker.stop();
    await embedded.stop();
    await server.stop();
  }
}

function titleOf(
  { analysisFps, size, live }: BenchOptions,
  { precision, looks }: BenchOptions['runs'][number],
): string {
  const watched = live === 'none' ? '' : `, the last camera watched live (${live})`;
  return `${precision}, looks ${looks}, ${size.width}x${size.height}, ${analysisFps} analysed pictures a second${watched}`;
}

/** Quiet and busy ones in turn, so that neither has the first places. */
function kindsOf({ cameras, busy }: BenchOptions): ReadonlyMap<string, CameraKind> {
  const names = Array.from({ length: cameras }, (_, at): readonly [string, CameraKind] => {
    const kind = at < busy ? 'busy' : 'quiet';
    return [`${kind}-${String(at + 1).padStart(2, '0')}`, kind];
  });
  return new Map(names);
}

type RunOptions = BenchOptions & BenchOptions['runs'][number];
type MotionFigures = Readonly<{ cpuPercent: number; quietPercent?: number; busyPercent?: number }>;

async function measure(
  options: RunOptions,
  kinds: ReadonlyMap<string, CameraKind>,
  addressOf: (path: string) => string,
  broker: Broker,
  say: Output['say'],
): Promise<Readonly<{ figures: RunFigures; motion: MotionFigures | undefined }>> {
  const { precision, looks, threads, analysisFps } = options;
  const watched = [...kinds.keys()].at(-1) ?? '';
  const edge = await startEdge({
    edgeId,
    brokerUrl: broker.url,
    password: broker.password,
    cameras: [...kinds.keys()].map((cameraId) => ({
      ...{ cameraId, source: addressOf(cameraId) },
      ...(options.live === 'masked' && cameraId === watched ? { privacyMasks: [window] } : {}),
    })),
    ...(broker.watcher === undefined ? {} : { collectorUrl: broker.watcher.url }),
    rules,
    analysisFps,
    detector: { manifest: `models/nanodet-416x320-${precision}.manifest.json`, threads, looks },
  });
  const motions = new Map<CameraKind, MotionUnderTest>();
  try {
    await untilAnalysing(edge, kinds.size);
    if (options.motion) await startMotions(motions, kinds, addressOf, analysisFps, say);
    await broker.watcher?.watch(watched);
    say(`all cameras are analysed; settling for ${options.settleSeconds} s`);
    await wait(options.settleSeconds * 1000);
    broker.taker.takeDelays();
    const motionBefore = motionSeconds(motions);
    const before = await read(edge);
    const ages = await sampleAges(edge, [...kinds.keys()], options.seconds);
    const after = await read(edge);
    const seconds = (after.atMs - before.atMs) / 1000;
    const delaysMs = broker.taker.takeDelays();
    const figures = runFigures({ kinds, before, after, ages, delaysMs });
    return { figures, motion: motionFigures(motionBefore, motionSeconds(motions), seconds) };
  } finally {
    await Promise.all([...motions.values()].map((motion) => motion.stop()));
    await edge.stop();
  }
}

async function read(edge: EdgeUnderTest): Promise<Reading> {
  const figures = await edge.figures();
  return { atMs: performance.now(), figures, processes: processTimes(edge.pid) };
}

async function untilAnalysing(edge: EdgeUnderTest, cameras: number): Promise<void> {
  const giveUpAtMs = performance.now() + liveWithinMs;
  for (;;) {
    const said = edge.ended();
    if (said !== undefined) throw new Error(`the edge ended: ${said}`);
    const figures = await edge.figures().catch(() => new Map<string, number>());
    const analysing = [...figures].filter(
      ([name, value]) => name.startsWith('haoguanjia_camera_analysed_frames_total{') && value > 0,
    );
    if (analysing.length === cameras) return;
    if (performance.now() > giveUpAtMs)
      throw new Error(
        `only ${analysing.length} of ${cameras} cameras gave pictures within a minute`,
      );
    await wait(250);
  }
}

async function sampleAges(
  edge: EdgeUnderTest,
  cameraIds: readonly string[],
  seconds: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const ages = new Map(cameraIds.map((id): [string, number[]] => [id, []]));
  const endAtMs = performance.now() + seconds * 1000;
  const last = new Map<string, number>();
  while (performance.now() < endAtMs) {
    const figures = await edge.figures();
    for (const [cameraId, list] of ages) {
      const age = figures.get(`haoguanjia_camera_frame_age_seconds{camera="${cameraId}"}`);
      // Each worker tells it about once a second; the same value again is the same sample.
      if (age === undefined || Number.isNaN(age) || last.get(cameraId) === age) continue;
      last.set(cameraId, age);
      list.push(age * 1000);
    }
    await wait(Math.max(1, Math.min(sampleEveryMs, endAtMs - performance.now())));
  }
  return ages;
}

/** On one camera of each kind. */
async function startMotions(
  motions: Map<CameraKind, MotionUnderTest>,
  kinds: ReadonlyMap<string, CameraKind>,
  addressOf: (path: string) => string,
  analysisFps: number,
  say: Output['say'],
): Promise<void> {
  for (const [cameraId, kind] of kinds) {
    if (motions.has(kind)) continue;
    const started = await startMotion(addressOf(cameraId), analysisFps);
    if (started === undefined) return say('motion is not installed: no second column');
    motions.set(kind, started);
  }
}

function motionSeconds(
  motions: ReadonlyMap<CameraKind, MotionUnderTest>,
): ReadonlyMap<CameraKind, number> {
  return new Map(
    [...motions].map(([kind, { pid }]) => [kind, processTimes(pid)[0]?.seconds ?? Number.NaN]),
  );
}

/** `cpuPercent` is that of the quiet camera where there is one: the cheaper of the two. */
function motionFigures(
  before: ReadonlyMap<CameraKind, number>,
  after: ReadonlyMap<CameraKind, number>,
  seconds: number,
): MotionFigures | undefined {
  const percent = (kind: CameraKind): number | undefined => {
    const spent = (after.get(kind) ?? Number.NaN) - (before.get(kind) ?? Number.NaN);
    return Number.isNaN(spent) ? undefined : Math.round((10_000 * spent) / seconds) / 100;
  };
  const [quietPercent, busyPercent] = [percent('quiet'), percent('busy')];
  const cpuPercent = quietPercent ?? busyPercent;
  if (cpuPercent === undefined) return undefined;
  return {
    cpuPercent,
    ...(quietPercent === undefined ? {} : { quietPercent }),
    ...(busyPercent === undefined ? {} : { busyPercent }),
  };
}

function motionText(motion: MotionFigures | undefined): string {
  if (motion === undefined) return 'motion was not measured';
  const of = (percent: number | undefined): string => percent?.toFixed(2) ?? '–';
  return `motion on the same streams: ${of(motion.quietPercent)} % of a core on a quiet camera, ${of(motion.busyPercent)} % on a busy one`;
}

function secret(): string {
  return randomBytes(18).toString('base64url');
}

/** What may not be seen where a mask is burnt in: a tenth of the picture. */
const window = [
  [0.1, 0.1],
  [0.5, 0.1],
  [0.5, 0.35],
  [0.1, 0.35],
] as const;

/** Three wires and two places, as somebody might draw them on the square; every camera runs them. */
const rules: CameraRules = {
  schemaVersion: 1,
  tripwires: (
    [
      ['east', [0.93, 0.45], [0.84, 0.85]],
      ['path', [0.42, 0.62], [0.5, 0.3]],
      ['west', [0.2, 0.5], [0.2, 0.9]],
    ] as const
  ).map(([ruleId, start, end]) => ({ ruleId, points: [[...start], [...end]] })),
  watchPoints: [
    { ruleId: 'board', centre: [0.62, 0.42], radiusOfHeight: 0.08 },
    { ruleId: 'corner', centre: [0.3, 0.6], radiusOfHeight: 0.08 },
  ],
};
