/**
 * Keeps rows and files of clips in step, and both within the space for them: the oldest go first, what is held stays. Clips
 * in the folders of other collectors are theirs to look after.
 */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Store } from '../store/store.ts';
import { placeFile, placeOf } from './clip-place.ts';

export type ClipBounds = Readonly<{ maxBytes: number }>;

type Tidying = Readonly<{
  folder: string;
  fileOf: (clipId: string) => string;
  store: Pick<
    Store,
    'clips' | 'placeClip' | 'forgetClip' | 'removeItems' | 'clipFilesLeft' | 'clipFileGone'
  >;
  bounds: ClipBounds;
  logger: Logger;
}>;

const dayMs = 24 * 3600 * 1000;
const inOneGo = 200;
/** A clip that has stood unfinished for so long will not be finished. */
const oldestPartMs = 7 * dayMs;
/** A file that has just got its name gets its row in a moment. */
const rowWithinMs = 60_000;

export async function tidyClips(tidying: Tidying): Promise<void> {
  const kept = await tidyRows(tidying);
  await removeClipFiles(tidying);
  const { folder, logger } = tidying;
  for (const name of await readdir(folder)) {
    if (kept.has(name) || name === placeFile) continue;
    const file = join(folder, name);
    // The age of a file is the file system's own, whatever clock the centre goes by.
    const ageMs = Date.now() - (await stat(file)).mtimeMs;
    if (ageMs > (name.endsWith('.part') ? oldestPartMs : rowWithinMs))
      await rm(file, { force: true }).catch((error: unknown) =>
        logger.error({ file: name, reason: String(error) }, 'a file cannot be removed'),
      );
  }
}

/** Answers with the names of the files that stay. */
async function tidyRows(tidying: Tidying): Promise<ReadonlySet<string>> {
  const { fileOf, store, bounds, logger } = tidying;
  const { own, elsewhere } = await clipsByPlace(tidying);
  let used = own.reduce((sum, { bytes }) => sum + bytes, 0);
  const kept = new Set(elsewhere.map(({ clipId }) => `${clipId}.mp4`));
  const tooMuch: string[] = [];
  for (const { clipId, bytes, held, isThere } of own) {
    if (!isThere) logger.error({ clipId, held }, 'the file of a clip is gone');
    if (held || (isThere && used <= bounds.maxBytes)) {
      kept.add(`${clipId}.mp4`);
      continue;
    }
    used -= bytes;
    if (isThere) tooMuch.push(clipId);
    else {
      await store.forgetClip(clipId);
      await rm(fileOf(clipId), { force: true });
    }
  }
  for (let from = 0; from < tooMuch.length; from += inOneGo)
    await store.removeItems('clips', tooMuch.slice(from, from + inOneGo), 'space');
  return kept;
}

/** A clip whose file is here belongs here, whatever was known; one that is not here is another's, or was put down here. */
async function clipsByPlace({ folder, fileOf, store }: Tidying) {
  const here = await placeOf(folder);
  const own: (Awaited<ReturnType<Store['clips']>>[number] & Readonly<{ isThere: boolean }>)[] = [];
  const elsewhere: typeof own = [];
  for (const clip of await store.clips()) {
    const isThere = (await sizeOf(fileOf(clip.clipId))) === clip.bytes;
    if (isThere && clip.place !== here) await store.placeClip(clip.clipId, here);
    (isThere || clip.place === here ? own : elsewhere).push({ ...clip, isThere });
  }
  return { own, elsewhere };
}

/** The files of clips whose rows are gone; one that cannot be removed stays noted for the next time. Answers with how many. */
export async function removeClipFiles({
  folder,
  fileOf,
  store,
  logger,
}: Pick<Tidying, 'folder' | 'fileOf' | 'store' | 'logger'>): Promise<number> {
  let left = 0;
  for (const clipId of await store.clipFilesLeft(await placeOf(folder))) {
    try {
      await rm(fileOf(clipId), { force: true });
    } catch (error) {
      left += 1;
      logger.error({ clipId, reason: String(error) }, 'the file of a clip cannot be removed');
      continue;
    }
    await store.clipFileGone(clipId);
  }
  return left;
}

/** 0 when it is not there. */
export async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    return 0;
  }
}
