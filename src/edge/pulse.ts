/**
 * Counts what a camera worker did lately: analysed frames per second over the last five seconds, age of the newest frame;
 * and what it has cost since it began.
 */
import type { StreamFault } from './camera/camera.ts';
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
  /** A frame is done with, whether the detector looked at it or not. */
  analysed: (capturedAtMs: number, mediaTimeMs: number) => void;
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
  let times: number[] = [];
  let mediaTimeMs = 0;
  const sums = {
    ...{ analysedFrames: 0, looks: 0, droppedFrames: 0, inferenceSeconds: 0 },
    ...{ decodeErrors: 0, harmedPictures: 0, stalls: 0, connections: 0 },
  };
  return {
    picture: (width, height) => {
      size = { width, height };
    },
    analysed: (capturedAtMs, atMediaTimeMs) => {
      mediaTimeMs = atMediaTimeMs;
      times.push(capturedAtMs);
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
      const newest = times.at(-1);
      times = times.filter((atMs) => atMs > nowMs - windowMs || atMs === newest);
      const recent = times.filter((atMs) => atMs > nowMs - windowMs).length;
      return {
        analysedPerSecond: Math.round((recent * 10_000) / windowMs) / 10,
        mediaTimeMs,
        load: { ...sums, cpuSeconds: threadCpuSeconds() },
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
