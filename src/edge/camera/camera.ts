/**
 * A camera: frames at the analysis rate from an RTSP address or a looping clip, for ever, whatever happens to it.
 * Health is pictures with advancing time, never an exit code. A silent stream is ended and opened again; every end is
 * a failure with a reason; refused credentials are tried rarely. While the consumer is busy, the newest frame waits
 * and older ones are let go, so that ffmpeg never has to.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { CameraState } from '../../contract/edge-report.ts';
import { type AliveTimes, createAliveTimes } from './alive-times.ts';
import { attempt } from './camera-attempt.ts';
import type { CameraFailure } from './camera-failure.ts';
import { type CameraSource, readCameraSource } from './camera-source.ts';
import type { StartChild } from './child.ts';
import type { HardwareDecoder } from './ffmpeg-arguments.ts';
import { createFfmpegClient } from './ffmpeg-client.ts';
import type { FfmpegAccess } from './ffmpeg-keeper.ts';
import { startChildHere } from './ffmpeg-process.ts';
import type { Frame } from './frame.ts';
import { createFrameMaker } from './frame-maker.ts';
import { createLatestSlot } from './latest-slot.ts';
import type { StreamEnd } from './picture-stream.ts';
import { createPixelBuffers } from './pixel-buffers.ts';
import { sharedMonotonicMs, takeRestart } from './restart-budget.ts';
import { retryDelayMs } from './retry-delay.ts';
import { createShownState } from './shown-state.ts';
import { createStreamWatch, type StreamFault } from './stream-watch.ts';

export type { StreamFault } from './stream-watch.ts';

export type CameraSettings = Readonly<{
  cameraId: string;
  /** rtsp:// or rtsps:// address, or the path of a clip that is played for ever. */
  source: string;
  username?: string;
  password?: string;
  /** Frames a second; 5 unless told. */
  analysisFps?: number;
  /** Wider pictures are shrunk to this; 1280 unless told. */
  largestWidth?: number;
  /** A stream without a new picture for so long is ended and opened again; 5 unless told. */
  stallSeconds?: number;
  /** Software unless told; where it cannot be had, software all the same, and a warning. */
  hardwareDecoder?: HardwareDecoder;
}>;

export type CameraDependencies = Readonly<{
  /**
   * The frame's pixels are its own until its promise resolves; their memory is used again after that. While it is pending
   * only the newest frame waits.
   */
  onFrame: (frame: Frame) => void | Promise<void>;
  /** A frame was let go because a newer one came while the consumer was busy. */
  onDropped?: () => void;
  /**
   * Called when the state or its reason changes; no reason while it is `live` or `connecting`. `live` is a picture that is
   * whole and newer than the one before; `degraded` are pictures of which too many are damaged.
   */
  onState: (state: CameraState, reason: string | undefined) => void;
  /** Called with every sentence that holds when one comes or goes: what is amiss though pictures come. */
  onWarnings?: (sentences: readonly string[]) => void;
  /** Something went wrong with the stream, for those who count. */
  onFault?: (fault: StreamFault) => void;
  /** For a camera in a worker thread: who starts its ffmpeg. Without it the camera's own thread does. */
  ffmpeg?: FfmpegAccess;
}>;

export type Camera = Readonly<{
  start: () => void;
  /** Resolves when its ffmpeg is gone; no callback comes after that. */
  stop: () => Promise<void>;
}>;

const defaultAnalysisFps = 5;
const defaultLargestWidth = 1280;
const defaultStallSeconds = 5;
/** A first picture may take this long: connecting, signing in and the wait for a key frame. */
const firstPictureSeconds = 10;
/** A stall that lasts this much longer is shown as offline. */
const offlineAfterStallMs = 3000;
/** Changes of size one after another, each within a minute, that are followed at once. */
const patientResizes = 3;

export function createCamera(settings: CameraSettings, dependencies: CameraDependencies): Camera {
  const stopped = new AbortController();
  let running: Promise<void> | undefined;
  return {
    start: () => {
      running ??= watch(settings, dependencies, stopped.signal);
    },
    stop: async () => {
      stopped.abort();
      await running;
    },
  };
}

/** Attempt after attempt until it is stopped. */
async function watch(
  settings: CameraSettings,
  dependencies: CameraDependencies,
  stop: AbortSignal,
): Promise<void> {
  const shown = createShownState(dependencies.onState, offlineAfterStallMs);
  const read = readCameraSource(settings);
  if (!read.ok) {
    shown.show({ state: 'offline', reason: read.reason });
    return;
  }
  const buffers = createPixelBuffers();
  const slot = createLatestSlot<Frame>(
    async (frame) => {
      await dependencies.onFrame(frame);
      buffers.giveBack(frame.pixels);
    },
    ({ pixels }) => {
      buffers.giveBack(pixels);
      dependencies.onDropped?.();
    },
  );
  const alive = createAliveTimes(performance.now());
  const watched = watchOf(settings, dependencies, read.source.place);
  const parts = {
    ...attemptSettings(settings, read.source),
    startChild: startChildOf(dependencies.ffmpeg),
    takePixels: buffers.take,
    onFrame: slot.put,
    mayRestart: mayRestartOf(dependencies.ffmpeg),
    onStarted: () => dependencies.onFault?.('connection'),
    onSilent: (failure: CameraFailure) => {
      dependencies.onFault?.('stall');
      shown.show(failure);
    },
    onLine: watched.line,
    onDecoded: watched.decoded,
    onHarmed: watched.harmed,
    onAlive: (nowMs: number, damaged: boolean) => {
      alive.mark(nowMs);
      const reason = watched.degraded();
      if (reason !== undefined) shown.show({ state: 'degraded', reason });
      else if (!damaged) shown.show({ state: 'live' });
    },
  };
  let failures = 0;
  shown.show({ state: 'connecting' });
  while (!stop.aborted) {
    alive.begin();
    const end = await attempt(parts, watched.hardware.next(), stop);
    if (stop.aborted) break;
    if (watched.hardware.gaveUp()) continue;
    if (end.kind === 'failed') shown.show(end.failure);
    failures = alive.failuresAfter(failures);
    await pause(delayBefore(end, failures, alive), stop);
  }
  shown.close();
  slot.clear();
}

function mayRestartOf(access: FfmpegAccess | undefined): () => boolean {
  if (access === undefined) return () => true;
  const { budget } = access;
  return () => takeRestart(budget, sharedMonotonicMs());
}

function startChildOf(access: FfmpegAccess | undefined): StartChild {
  return access === undefined ? startChildHere : createFfmpegClient(access);
}

function watchOf(
  { cameraId, hardwareDecoder }: CameraSettings,
  { onWarnings = () => undefined, onFault = () => undefined }: CameraDependencies,
  place: string,
) {
  return createStreamWatch({ cameraId, place, hardwareDecoder, onWarnings, onFault });
}

function attemptSettings(settings: CameraSettings, source: CameraSource) {
  const { cameraId, largestWidth = defaultLargestWidth } = settings;
  const { analysisFps = defaultAnalysisFps, stallSeconds = defaultStallSeconds } = settings;
  const frames = createFrameMaker(cameraId, analysisFps);
  const silence = { first: firstPictureSeconds, between: stallSeconds };
  return { cameraId, source, largestWidth, analysisFps, frames, silence };
}

/** A picture that has changed its size is fetched again at once, unless it keeps doing so. */
function delayBefore(end: StreamEnd, failures: number, alive: AliveTimes): number {
  if (end.kind === 'resized' && failures <= patientResizes) return 0;
  const cause = end.kind === 'failed' ? end.failure.state : 'offline';
  return retryDelayMs(cause, failures, performance.now() - alive.lastAt(), Math.random());
}

async function pause(milliseconds: number, stop: AbortSignal): Promise<void> {
  try {
    await wait(milliseconds, undefined, { signal: stop });
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}
