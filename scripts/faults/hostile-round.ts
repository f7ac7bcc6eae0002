/** Cameras that want to harm the box, beside good ones: what they cost the others, and what they take. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Hostility } from '../../src/testing/hostile-camera.ts';
import { freePort } from '../../src/testing/mosquitto.ts';
import { childrenOf } from '../../src/testing/processes.ts';
import { residentMb } from '../harness/process-cost.ts';
import { createProgram, type Program } from '../harness/program.ts';
import type { FaultBox } from './fault-box.ts';
import { countFrames } from './frame-counts.ts';

const kinds = [
  ...(['huge-description', 'endless-headers', 'garbage', 'slow-loris', 'silent'] as const),
  ...(['audio-only', 'unknown-codec', 'redirect', 'flood', 'giant-picture', 'dribble'] as const),
] as const satisfies readonly Hostility[];

export type HostileFigures = Readonly<{
  seconds: number;
  cameras: number;
  /** Of the good cameras' rate, the worst camera's and that of all. */
  dipMost: number;
  dip: number;
  /** What the box's own process took more, and the largest ffmpeg. */
  boxMoreMb: number;
  largestFfmpegMb: number;
  /** Hostile cameras that gave pictures. */
  up: readonly string[];
}>;

export type HostilePlace = Readonly<{
  kind: Hostility;
  cameraId: string;
  source: string;
  port: number;
}>;

/** Where hostile cameras will be: nobody answers there yet, as with one that is away. */
export async function hostilePlaces(): Promise<readonly HostilePlace[]> {
  const ports = await Promise.all(kinds.map(() => freePort()));
  return kinds.map((kind, at) => {
    const port = ports[at] ?? 0;
    return { kind, port, cameraId: `bad-${kind}`, source: `rtsp://127.0.0.1:${port}/${kind}` };
  });
}

export async function hostileRound(
  box: FaultBox,
  places: readonly HostilePlace[],
  seconds: number,
): Promise<HostileFigures> {
  const { edge, cameras } = box;
  const ids = cameras.map(({ cameraId }) => cameraId);
  const counts = countFrames(edge, ids);
  const startMs = performance.now();
  await wait(seconds * 1000);
  const memoryBefore = residentMb(edge.pid);
  const peers = hostilePeers(places);
  const openedMs = performance.now();
  peers.start();
  let largestFfmpegMb = 0;
  while (performance.now() - openedMs < seconds * 1000) {
    for (const { pid } of childrenOf(edge.pid)) {
      largestFfmpegMb = Math.max(largestFfmpegMb, residentOf(pid));
    }
    await wait(200);
  }
  const endMs = performance.now();
  const rates = ids.map((id) => [
    counts.rate(id, startMs, openedMs) ?? Number.NaN,
    counts.rate(id, openedMs, endMs) ?? Number.NaN,
  ]) as readonly (readonly [number, number])[];
  const figures = await edge.figures();
  const up = places
    .map(({ cameraId }) => cameraId)
    .filter((id) => figures.get(`haoguanjia_camera_up{camera="${id}"}`) === 1);
  const boxMoreMb = residentMb(edge.pid) - memoryBefore;
  await counts.stop();
  await peers.end('SIGTERM');
  const sum = (at: 0 | 1): number => rates.reduce((all, pair) => all + pair[at], 0);
  return {
    seconds,
    cameras: places.length,
    dipMost: rounded(Math.max(...rates.map(([before, beside]) => 1 - beside / before))),
    dip: rounded(1 - sum(1) / sum(0)),
    boxMoreMb: Math.round(boxMoreMb),
    largestFfmpegMb: Math.round(largestFfmpegMb),
    up,
  };
}

export function hostileFaults(figures: HostileFigures): readonly string[] {
  const wrong: readonly (readonly [boolean, string])[] = [
    [!(figures.dip < 0.1), 'the good cameras were slowed by 10 % or more'],
    [figures.boxMoreMb > 300, `the box took ${figures.boxMoreMb} MB more`],
    [figures.largestFfmpegMb > 800, `an ffmpeg took ${figures.largestFfmpegMb} MB`],
    [figures.up.length > 0, `${figures.up.join()} passed for a good camera`],
  ];
  return wrong.flatMap(([is, sentence]) => (is ? [sentence] : []));
}

function hostilePeers(places: readonly HostilePlace[]): Program {
  const what = places.map(({ kind, port }) => `${kind}=${port}`);
  return createProgram({
    name: 'hostile cameras',
    command: () => [process.execPath, 'scripts/faults/hostile-process.ts', ...what],
  });
}

/** It may have ended meanwhile. */
function residentOf(pid: number): number {
  try {
    return residentMb(pid);
  } catch {
    return 0;
  }
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}
