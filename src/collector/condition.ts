/** How the centre is, beside its database and its broker: whether work comes to its end, and whether its disk has room. */
import { mkdir, statfs } from 'node:fs/promises';

export type Condition = Readonly<{
  intake: () => 'well' | 'stalled';
  /** Low before it is full: then there is time to do something. Rejects when the folder cannot be there. */
  disk: () => Promise<'well' | 'low'>;
  /** False when a new start is what helps: a query that never comes back holds up everything behind it. */
  helpsItself: () => boolean;
  stalledForMs: () => number;
  freeBytes: () => Promise<number>;
}>;

const stalledAfterMs = 15_000;
const hopelessAfterMs = 120_000;
/** Whichever is less: a small disk is not full all the time, a large one is not filled to the brim. */
const leastFree = { bytes: 256 * 1024 * 1024, share: 0.02 } as const;

export function createCondition({
  dataFolder,
  stalledForMs,
}: Readonly<{ dataFolder: string; stalledForMs: () => number }>): Condition {
  // With a PostgreSQL the folder may hold nothing yet.
  const look = () => mkdir(dataFolder, { recursive: true }).then(() => statfs(dataFolder));
  return {
    intake: () => (stalledForMs() > stalledAfterMs ? 'stalled' : 'well'),
    disk: async () => {
      const { bavail, blocks, bsize } = await look();
      const least = Math.min(leastFree.bytes, leastFree.share * blocks * bsize);
      return bavail * bsize < least ? 'low' : 'well';
    },
    helpsItself: () => stalledForMs() < hopelessAfterMs,
    stalledForMs,
    freeBytes: async () => {
      const { bavail, bsize } = await look();
      return bavail * bsize;
    },
  };
}
