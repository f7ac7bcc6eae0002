/** Starts and stops a camera again and again, some of the times before its first picture, and counts what is left over. */
import { setTimeout as wait } from 'node:timers/promises';
import { createCamera } from '../edge/camera/camera.ts';
import { createFfmpegKeeper } from '../edge/camera/ffmpeg-keeper.ts';
import { childrenOf, openDescriptors } from './processes.ts';

export type CycleCounts = Readonly<{
  cycles: number;
  /** Cycles that came as far as a picture. */
  withPictures: number;
  children: number;
  zombies: number;
  /** More open after than before. */
  descriptors: number;
  /** More used after than before, both after garbage collection where it is exposed. */
  heapMiB: number;
}>;

const startsPerSecond = 1000;

/** As a worker does it when `kept`: the main thread owns ffmpeg. The first cycle is not counted: it loads what all share. */
export async function runCameraCycles(
  source: string,
  cycles: number,
  kept: boolean,
): Promise<CycleCounts> {
  const keeper = createFfmpegKeeper(startsPerSecond);
  let withPictures = 0;
  const cycle = async (waitMs: number): Promise<void> => {
    let hasPicture = false;
    const lease = kept ? keeper.lease() : undefined;
    const camera = createCamera(
      { cameraId: 'cycle', source },
      {
        onFrame: () => {
          hasPicture = true;
        },
        onState: () => undefined,
        ...(lease === undefined ? {} : { ffmpeg: lease.access }),
      },
    );
    camera.start();
    await wait(waitMs);
    await camera.stop();
    await lease?.end();
    if (hasPicture) withPictures += 1;
  };

  await cycle(1000);
  withPictures = 0;
  const before = measure();
  for (let count = 0; count < cycles; count += 1) await cycle((count % 10) * 120);
  await wait(200);
  const after = measure();
  await keeper.close();
  return {
    cycles,
    withPictures,
    children: after.children - before.children,
    zombies: after.zombies,
    descriptors: after.descriptors - before.descriptors,
    heapMiB: Math.round(((after.heap - before.heap) / 1024 ** 2) * 100) / 100,
  };
}

function measure() {
  globalThis.gc?.();
  globalThis.gc?.();
  const children = childrenOf(process.pid);
  return {
    children: children.length,
    zombies: children.filter(({ isZombie }) => isZombie).length,
    descriptors: openDescriptors(),
    heap: process.memoryUsage().heapUsed,
  };
}
