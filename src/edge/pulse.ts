/**
 * Counts what a camera worker did lately: analysed frames per second over the last five seconds, age of the newest frame;
 * and what it has cost since it began.
 */
import type { StreamFault } from './camera/camera.ts';
import type { Frame } from './camera/frame.ts';
import type { FrameEnd } from './frame-flow.ts';
import type { CameraLoad } from './status/box-report.ts';

const windowMs = 5000;

type PulseFacts = Readonly<{
  analysedPerSecond: number;
  mediaTimeMs: number;
  frameAgeMs?: number;
  load: CameraLoad;
  width?: number;
  height?: number;
}>;

export type Pulse = Readonly<{
  picture: (width: number, height: number) => void;
  /** A frame is done with. One that could not be looked at though it had to is no analysed one: nothing fires on it. */
  analysed: (
    frame: Pick<Frame, 'capturedAtMs' | 'mediaTimeMs'>,
    end: FrameEnd,
    atMs: number,
  ) => void;
  /** The detector looked at a frame. */
  inferred: (tookMs: number) => void;
  dropped: () => void;
  fault: (fault: StreamFault) => void;
  read: (nowMs: number) => PulseFacts;
}>;

const faultSums = {
  'decode-error': 'decodeErrors',
  'packets-lost': 'harmedPictures',
  stall: 'stalls',
  connection: 'connections',
} as const satisfies Record<StreamFault, keyof CameraLoad>;

export function createPulse(): Pulse {
  let size: Readonly<{ width: number; height: number }> | undefined;
  /** Of the analysed frames of the last seconds; of all frames the newest. */
  let times: readonly number[] = [];
  let newest: number | undefined;
  let mediaTimeMs = 0;
  let doneAtMs: number | undefined;
  const sums = {
    ...{ analysedFrames: 0, gatePassedFrames: 0, unseenFrames: 0, looks: 0, droppedFrames: 0 },
    ...{ inferenceSeconds: 0 },
    ...{ decodeErrors: 0, harmedPictures: 0, stalls: 0, connections: 0 },
  };
  return {
    picture: (width, height) => {
      size = { width, height };
    },
    analysed: (frame, end, atMs) => {
      mediaTimeMs = frame.mediaTimeMs;
      newest = frame.capturedAtMs;
      if (end !== 'quiet') sums.gatePassedFrames += 1;
      if (end === 'unseen') {
        sums.unseenFrames += 1;
        return;
      }
      doneAtMs = atMs;
      times = [...times, frame.capturedAtMs];
      sums.analysedFrames += 1;
    },
    inferred: (tookMs) => {
      sums.looks += 1;
      sums.inferenceSeconds += tookMs / 1000;
    },
    dropped: () => {
      sums.droppedFrames += 1;
    },
    fault: (fault) => {
      sums[faultSums[fault]] += 1;
    },
    read: (nowMs) => {
      times = times.filter((atMs) => atMs > nowMs - windowMs);
      return {
        analysedPerSecond: Math.round((times.length * 10_000) / windowMs) / 10,
        mediaTimeMs,
        load: {
          ...sums,
          cpuSeconds: threadCpuSeconds(),
          ...(doneAtMs === undefined ? {} : { lastAnalysedAtMs: doneAtMs }),
        },
        ...(newest === undefined ? {} : { frameAgeMs: Math.max(0, nowMs - newest) }),
        ...size,
      };
    },
  };
}

/** Node counts it from 23.9 on. */
function threadCpuSeconds(): number {
  const { user, system } = process.threadCpuUsage?.() ?? { user: Number.NaN, system: Number.NaN };
  return (user + system) / 1e6;
}
