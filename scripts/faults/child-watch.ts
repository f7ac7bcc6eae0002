/** Watches a box's children: how many decode each camera at most, and whether a zombie stays. */
import { setTimeout as wait } from 'node:timers/promises';
import { childrenOf } from '../../src/testing/processes.ts';

export type ChildWatch = Readonly<{
  /** At any moment, of the camera that had most. */
  mostDecoders: () => number;
  /** Seen as zombies twice in a row: one that just ended is collected at once. */
  zombies: () => number;
  stop: () => Promise<void>;
}>;

const everyMs = 100;

export function watchChildren(pid: number): ChildWatch {
  let mostDecoders = 0;
  let isOver = false;
  let dead = new Set<number>();
  const stayed = new Set<number>();
  const look = (): void => {
    const children = childrenOf(pid);
    const decoders = new Map<string, number>();
    for (const { commandLine } of children) {
      const camera = /title=(\S+)/.exec(commandLine)?.[1];
      if (camera !== undefined) decoders.set(camera, (decoders.get(camera) ?? 0) + 1);
    }
    mostDecoders = Math.max(mostDecoders, ...decoders.values());
    const zombies = new Set(children.filter(({ isZombie }) => isZombie).map((one) => one.pid));
    for (const zombie of zombies) if (dead.has(zombie)) stayed.add(zombie);
    dead = zombies;
  };
  const looking = (async () => {
    while (!isOver) {
      look();
      await wait(everyMs);
    }
  })();
  return {
    mostDecoders: () => mostDecoders,
    zombies: () => stayed.size,
    stop: async () => {
      isOver = true;
      await looking;
    },
  };
}
