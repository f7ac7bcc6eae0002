/**
 * How many pictures a second each camera of a box analyses, from its figures. Each worker tells its sum about once a
 * second, so rates are taken from one change of a sum to another, never between moments in the middle.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { EdgeUnderTest } from '../../src/bench/edge-under-test.ts';

type Change = Readonly<{ atMs: number; frames: number }>;

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
      if (frames !== undefined && frames !== list.at(-1)?.frames) list.push({ atMs, frames });
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
      if (first === undefined || last === undefined || last.atMs - first.atMs < 2000)
        return undefined;
      return ((last.frames - first.frames) * 1000) / (last.atMs - first.atMs);
    },
    firstAfter: (cameraId, atMs) =>
      changes.get(cameraId)?.find((change) => change.atMs > atMs)?.atMs,
    stop: async () => {
      isOver = true;
      await asking;
    },
  };
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
