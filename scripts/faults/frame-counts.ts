/**
 * How many pictures a second each camera of a box analyses, from its figures. Each worker tells its sum about once a
 * second, together with when the newest picture of it was done, so rates are exact however late the box is asked.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { EdgeUnderTest } from '../../src/bench/edge-under-test.ts';

/** `doneMs` is by the wall clock, which nobody sets meanwhile; `atMs` is when it was seen, on the monotonic one. */
type Change = Readonly<{ atMs: number; frames: number; doneMs: number }>;

export type FrameCounts = Readonly<{
  /** Pictures a second between two moments; undefined when there were too few changes to tell. */
  rate: (cameraId: string, fromMs: number, toMs: number) => number | undefined;
  /** When the sum of the camera changed first after that moment. */
  firstAfter: (cameraId: string, atMs: number) => number | undefined;
  stop: () => Promise<void>;
}>;

const everyMs = 150;

/** Asks until it is stopped; what the box does not answer is left out. */
export function countFrames(
  edge: Pick<EdgeUnderTest, 'figures'>,
  cameraIds: readonly string[],
): FrameCounts {
  const changes = new Map(cameraIds.map((id): [string, Change[]] => [id, []]));
  let isOver = false;
  const ask = async (): Promise<void> => {
    const figures = await edge.figures();
    const atMs = performance.now();
    for (const [cameraId, list] of changes) {
      const frames = figures.get(`haoguanjia_camera_analysed_frames_total{camera="${cameraId}"}`);
      const doneMs = 1000 * (figures.get(lastAnalysedOf(cameraId)) ?? Number.NaN);
      if (frames === undefined || !Number.isFinite(doneMs)) continue;
      if (frames !== list.at(-1)?.frames) list.push({ atMs, frames, doneMs });
    }
  };
  const asking = (async () => {
    while (!isOver) {
      await ask().catch(() => undefined);
      await wait(everyMs);
    }
  })();
  return {
    rate: (cameraId, fromMs, toMs) => {
      const within = (changes.get(cameraId) ?? []).filter(
        ({ atMs }) => atMs >= fromMs && atMs <= toMs,
      );
      const [first, last] = [within[0], within.at(-1)];
      if (first === undefined || last === undefined || last.doneMs - first.doneMs < 2000)
        return undefined;
      return ((last.frames - first.frames) * 1000) / (last.doneMs - first.doneMs);
    },
    firstAfter: (cameraId, atMs) =>
      changes.get(cameraId)?.find((change) => change.atMs > atMs)?.atMs,
    stop: async () => {
      isOver = true;
      await asking;
    },
  };
}

function lastAnalysedOf(cameraId: string): string {
  return `haoguanjia_camera_last_analysed_timestamp_seconds{camera="${cameraId}"}`;
}

/** The sums of one figure over all cameras that are named. */
export async function sumOf(
  edge: Pick<EdgeUnderTest, 'figures'>,
  name: string,
  cameraIds: readonly string[],
): Promise<number> {
  const figures = await edge.figures();
  return cameraIds.reduce(
    (sum, id) => sum + (figures.get(`haoguanjia_camera_${name}{camera="${id}"}`) ?? 0),
    0,
  );
}
