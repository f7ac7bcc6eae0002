/** Starts and stops a camera again and again, every other time before its first picture, and counts what is left over. */
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
const longestWaitMs = 10_000;

/** As a worker does it when `kept`: the main thread owns ffmpeg. The first cycle is not counted: it loads what all share. */
export async function runCameraCycles(
  source: string,
  cycles: number,
  kept: boolean,
): Promise<CycleCounts> {
  const keeper = createFfmpegKeeper(startsPerSecond);
  let withPictures = 0;
  /** For so long, or up to the first picture. */
  const cycle = async (forMs: number | undefined): Promise<void> => {
    let onPicture: (() => void) | undefined;
    const picture = new Promise<void>((resolve) => {
      onPicture = resolve;
    });
    let hasPicture = false;
    const lease = kept ? keeper.lease() : undefined;
    const camera = createCamera(
      { cameraId: 'cycle', source },
      {
        onFrame: () => {
          hasPicture = true;
          onPicture?.();
        },
        onState: () => undefined,
        ...(lease === undefined ? {} : { ffmpeg: lease.access }),
      },
    );
    camera.start();
    await (forMs === undefined ? Promise.race([picture, wait(longestWaitMs)]) : wait(forMs));
    await camera.stop();
    await lease?.end();
    if (hasPicture) withPictures += 1;
  };

  await cycle(undefined);
  withPictures = 0;
  const before = measure();
  for (let count = 0; count < cycles; count += 1) {
    await cycle(count % 2 === 0 ? (count % 20) * 30 : undefined);
  }
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
