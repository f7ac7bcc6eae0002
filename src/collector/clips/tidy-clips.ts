/** Keeps rows and files of clips in step, and both within their bounds: the oldest go first. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Store } from '../store/store.ts';

export type ClipBounds = Readonly<{ maxBytes: number; keepDays: number }>;

type Tidying = Readonly<{
  folder: string;
  fileOf: (clipId: string) => string;
  store: Pick<Store, 'clips' | 'forgetClip'>;
  bounds: ClipBounds;
  logger: Logger;
  now: () => number;
}>;

const dayMs = 24 * 3600 * 1000;
/** A clip that has stood unfinished for so long will not be finished. */
const oldestPartMs = 7 * dayMs;
/** A file that has just got its name gets its row in a moment. */
const rowWithinMs = 60_000;

export async function tidyClips(tidying: Tidying): Promise<void> {
  const kept = await tidyRows(tidying);
  const { folder } = tidying;
  for (const name of await readdir(folder)) {
    if (kept.has(name)) continue;
    const file = join(folder, name);
    // The age of a file is the file system's own, whatever clock the centre goes by.
    const ageMs = Date.now() - (await stat(file)).mtimeMs;
    if (ageMs > (name.endsWith('.part') ? oldestPartMs : rowWithinMs))
      await rm(file, { force: true });
  }
}

/** Answers with the names of the files that stay. */
async function tidyRows({
  fileOf,
  store,
  bounds,
  logger,
  now,
}: Tidying): Promise<ReadonlySet<string>> {
  const known = await store.clips();
  let used = known.reduce((sum, { bytes }) => sum + bytes, 0);
  const kept = new Set<string>();
  for (const { clipId, bytes, receivedAtMs } of known) {
    const isWanted = used <= bounds.maxBytes && now() - receivedAtMs <= bounds.keepDays * dayMs;
    if (isWanted && (await sizeOf(fileOf(clipId))) === bytes) {
      kept.add(`${clipId}.mp4`);
      continue;
    }
    if (isWanted) logger.error({ clipId }, 'the file of a clip is gone');
    used -= bytes;
    await store.forgetClip(clipId);
    await rm(fileOf(clipId), { force: true });
  }
  return kept;
}

/** 0 when it is not there. */
export async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    return 0;
  }
}
