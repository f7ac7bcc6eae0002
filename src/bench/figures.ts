/**
 * From two readings to the figures of a run. Percent of one core. Each camera's ffmpeg and worker thread are its own;
 * inference threads are shared by the time they were busy for a camera, libuv's threads (picture scaling) by the looks
 * the camera had, V8's helpers (garbage, compiling) by the worker threads' time, and the rest of the box evenly. Pure.
 */
import type { ProcessTime } from './processor-time.ts';

export type CameraKind = 'quiet' | 'busy';

export type Reading = Readonly<{
  atMs: number;
  /** The edge first, then its children. */
  processes: readonly ProcessTime[];
  /** Prometheus' figures of the edge. */
  figures: ReadonlyMap<string, number>;
}>;

export type RunMeasured = Readonly<{
  kinds: ReadonlyMap<string, CameraKind>;
  before: Reading;
  after: Reading;
  /** By camera: the newest analysed picture's age at moments of the run, in milliseconds. */
  ages: ReadonlyMap<string, readonly number[]>;
  /** Capture to the broker's subscriber. */
  delaysMs: readonly number[];
}>;

export type CameraFigures = Readonly<{
  cameraId: string;
  kind: CameraKind;
  cpuPercent: number;
  ffmpegPercent: number;
  workerPercent: number;
  inferencePercent: number;
  sharedPercent: number;
  analysedFps: number;
  looksPerSecond: number;
  /** Share of the analysed frames that the gate and the planner let through to the detector. */
  lookShare: number;
  droppedFrames: number;
  frameAgeP95Ms: number;
}>;

export type RunFigures = ReturnType<typeof runFigures>;

export function runFigures(run: RunMeasured) {
  const cameras = [...run.kinds].map(([cameraId, kind]) => cameraFigures(cameraId, kind, run));
  const seconds = secondsOf(run);
  const percent = (part: number): number => rounded((100 * part) / seconds);
  const parts = partsOf(run);
  const [edge] = run.after.processes;
  const memory = run.after.processes.map(({ proportionalMb }) => proportionalMb);
  return {
    seconds: rounded(seconds),
    quiet: kindFigures(cameras, 'quiet'),
    busy: kindFigures(cameras, 'busy'),
    analysedFpsMin: Math.min(...cameras.map(({ analysedFps }) => analysedFps)),
    frameAgeP95Ms: quantile([...run.ages.values()].flat(), 0.95),
    captureToPublishP95Ms: quantile(run.delaysMs, 0.95),
    captureToPublishP50Ms: quantile(run.delaysMs, 0.5),
    events: run.delaysMs.length,
    rssMb: Math.round(sum(memory)),
    edgeRssMb: Math.round(edge?.residentMb ?? 0),
    /** Longest that the box's main thread stood still lately: events pass through it. */
    mainLagMs: Math.round(1000 * (run.after.figures.get('nodejs_eventloop_lag_max_seconds') ?? 0)),
    droppedFrames: sum(cameras.map(({ droppedFrames }) => droppedFrames)),
    boxCpuPercent: percent(parts.ffmpeg + parts.edge),
    parts: {
      ffmpegPercent: percent(parts.ffmpeg),
      workersPercent: percent(parts.workers),
      inferencePercent: percent(parts.inference),
      scalingPercent: percent(parts.libuv),
      v8Percent: percent(parts.v8),
      mainAndRestPercent: percent(parts.rest),
    },
    inferenceMs: inferenceMs(run),
    /** The ffmpeg that copies or masks for somebody who watches live: the only one without a camera's name. */
    liveFfmpegPercent: percent(parts.ffmpegOf.get('') ?? 0),
    cameras,
  };
}

function kindFigures(cameras: readonly CameraFigures[], kind: CameraKind) {
  const these = cameras.filter((camera) => camera.kind === kind);
  if (these.length === 0) return undefined;
  const mean = (of: (camera: CameraFigures) => number): number =>
    rounded(sum(these.map(of)) / these.length);
  return {
    cameras: these.length,
    cpuPercent: mean(({ cpuPercent }) => cpuPercent),
    ffmpegPercent: mean(({ ffmpegPercent }) => ffmpegPercent),
    workerPercent: mean(({ workerPercent }) => workerPercent),
    inferencePercent: mean(({ inferencePercent }) => inferencePercent),
    sharedPercent: mean(({ sharedPercent }) => sharedPercent),
    analysedFps: mean(({ analysedFps }) => analysedFps),
    looksPerSecond: mean(({ looksPerSecond }) => looksPerSecond),
    lookShare: mean(({ lookShare }) => lookShare),
  };
}

function cameraFigures(cameraId: string, kind: CameraKind, run: RunMeasured): CameraFigures {
  const seconds = secondsOf(run);
  const parts = partsOf(run);
  const grown = (name: string, of = cameraId): number => growth(run, name, of);
  const total = (name: string): number => sum([...run.kinds.keys()].map((of) => grown(name, of)));
  const shareOf = (name: string): number => grown(name) / Math.max(total(name), 1e-9);
  const percent = (part: number): number => rounded((100 * part) / seconds);
  const worker = parts.byThread.get(cameraId.slice(0, longestThreadName)) ?? 0;
  const ffmpeg = parts.ffmpegOf.get(cameraId) ?? 0;
  const inference = parts.inference * shareOf('inference_seconds_total');
  const shared =
    parts.libuv * shareOf('looks_total') +
    (parts.v8 * worker) / Math.max(parts.workers, 1e-9) +
    parts.rest / run.kinds.size;
  const analysed = grown('analysed_frames_total');
  return {
    cameraId,
    kind,
    cpuPercent: percent(ffmpeg + worker + inference + shared),
    ffmpegPercent: percent(ffmpeg),
    workerPercent: percent(worker),
    inferencePercent: percent(inference),
    sharedPercent: percent(shared),
    analysedFps: rounded(analysed / seconds),
    looksPerSecond: rounded(grown('looks_total') / seconds),
    lookShare: rounded(grown('looks_total') / Math.max(1, analysed)),
    droppedFrames: grown('dropped_frames_total'),
    frameAgeP95Ms: quantile(run.ages.get(cameraId) ?? [], 0.95),
  };
}

function growth({ before, after }: RunMeasured, name: string, cameraId: string): number {
  const key = `haoguanjia_camera_${name}{camera="${cameraId}"}`;
  return (after.figures.get(key) ?? 0) - (before.figures.get(key) ?? 0);
}

/** The kernel cuts names of threads. */
const longestThreadName = 15;

/** Seconds of processor time in the run, part by part. */
function partsOf({ kinds, before, after }: RunMeasured) {
  const was = new Map(before.processes.map((one) => [one.pid, one]));
  const [edge, ...children] = after.processes;
  const ffmpegOf = new Map<string, number>();
  for (const child of children) {
    const spent = child.seconds - (was.get(child.pid)?.seconds ?? 0);
    const cameraId = titleOf(child.commandLine);
    ffmpegOf.set(cameraId, (ffmpegOf.get(cameraId) ?? 0) + spent);
  }
  const threadsWere = new Map(before.processes[0]?.threads.map((one) => [one.tid, one.seconds]));
  const byThread = new Map<string, number>();
  for (const { tid, name, seconds } of edge?.threads ?? []) {
    const spent = seconds - (threadsWere.get(tid) ?? 0);
    byThread.set(name, (byThread.get(name) ?? 0) + spent);
  }
  const named = (name: string): number => byThread.get(name) ?? 0;
  const edgeSeconds = (edge?.seconds ?? 0) - (before.processes[0]?.seconds ?? 0);
  const workers = sum([...kinds.keys()].map((id) => named(id.slice(0, longestThreadName))));
  const [inference, libuv, v8] = [named('inference'), named('libuv-worker'), named('V8Worker')];
  return {
    ffmpeg: sum([...ffmpegOf.values()]),
    ffmpegOf,
    edge: edgeSeconds,
    ...{ byThread, workers, inference, libuv, v8 },
    rest: Math.max(0, edgeSeconds - workers - inference - libuv - v8),
  };
}

function titleOf(commandLine: readonly string[]): string {
  return commandLine.find((word) => word.startsWith('title='))?.slice('title='.length) ?? '';
}

function inferenceMs(run: RunMeasured): number {
  const all = [...run.kinds.keys()];
  const busy = sum(all.map((id) => growth(run, 'inference_seconds_total', id)));
  const looks = sum(all.map((id) => growth(run, 'looks_total', id)));
  return rounded((1000 * busy) / Math.max(1, looks));
}

function secondsOf({ before, after }: RunMeasured): number {
  return (after.atMs - before.atMs) / 1000;
}

/** NaN of nothing. */
function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(
    sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN,
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
