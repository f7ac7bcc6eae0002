/**
 * Clips as they come from the edges, piece by piece, into files of the data folder. How much of a clip is there is read
 * from its file, so that nothing has to be remembered over a restart. A clip counts when it is whole, its hash is right,
 * it has its final name, and after that its row.
 */
import { createHash } from 'node:crypto';
import { constants, createReadStream, mkdirSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Logger } from 'pino';
import type { ClipHeader, ClipPiece } from '../../contract/clip-message.ts';
import type { ClipProgress } from '../../contract/edge-report.ts';
import type { Store } from '../store/store.ts';
import { placeOf } from './clip-place.ts';
import { type ClipBounds, removeClipFiles, sizeOf, tidyClips } from './tidy-clips.ts';

const defaultBounds: ClipBounds = { maxBytes: 50 * 1024 ** 3 };

export type Clips = Readonly<{
  /** What may be acknowledged afterwards. Rejects when the disk or the store does not take it. */
  take: (edgeId: string, piece: ClipPiece) => Promise<ClipProgress>;
  /** Where the file of a stored clip is. */
  fileOf: (clipId: string) => string;
  /** Removes the files of clips that have been deleted; answers with how many could not be. */
  removeFiles: () => Promise<number>;
  /** From now on removes, now and every hour, what a kill has left and what is too much. */
  start: () => void;
  stop: () => Promise<void>;
}>;

type Parts = Readonly<{
  folder: string;
  store: Pick<
    Store,
    | 'event'
    | 'saveClip'
    | 'hasClip'
    | 'clips'
    | 'placeClip'
    | 'forgetClip'
    | 'removeItems'
    | 'clipFilesLeft'
    | 'clipFileGone'
  >;
  bounds?: Partial<ClipBounds>;
  logger: Logger;
  now: () => number;
}>;

const tidyEveryMs = 3600_000;
/** After so many wholes with a wrong hash the edge's own file must be damaged. */
const mostWrongHashes = 3;

/** An edge sends one clip after another, and sometimes leaves one for a while. */
const mostUnfinished = 4;

/** Makes the folder; throws when it cannot be made. */
export function createClips(parts: Parts): Clips {
  const { folder, store, logger } = parts;
  mkdirSync(folder, { recursive: true });
  const partOf = (clipId: string): string => join(folder, `${clipId}.part`);
  const fileOf = (clipId: string): string => join(folder, `${clipId}.mp4`);
  const finish = createFinish(parts, partOf, fileOf);
  const begun = createBegun((clipId) => rm(partOf(clipId), { force: true }));
  const bounds = { ...defaultBounds, ...parts.bounds };
  let timer: NodeJS.Timeout | undefined;
  let tidying: Promise<void> | undefined;
  const tidy = (): void => {
    tidying = tidyClips({ folder, fileOf, store, bounds, logger }).catch((error: unknown) =>
      logger.error({ reason: String(error) }, 'clips could not be tidied up'),
    );
  };

  return {
    fileOf,
    removeFiles: () => removeClipFiles({ folder, fileOf, store, logger }),
    take: async (edgeId, { header, bytes }) => {
      const { clipId } = header;
      if (await store.hasClip(clipId)) return { clipId, received: header.bytes, state: 'stored' };
      const reason = await refusal(store, edgeId, header);
      if (reason !== undefined) {
        logger.warn({ edgeId, clipId, reason }, 'clip refused');
        return { clipId, received: 0, state: 'refused' };
      }
      const there = await sizeOf(partOf(clipId));
      const isNext = header.offset === there;
      await begun.add(edgeId, clipId);
      if (isNext) await put(partOf(clipId), bytes, there);
      const received = isNext ? there + bytes.length : there;
      if (received < header.bytes) return { clipId, received, state: 'partial' };
      begun.end(edgeId, clipId);
      return finish(edgeId, header);
    },
    start: () => {
      tidy();
      timer = setInterval(tidy, tidyEveryMs);
    },
    stop: async () => {
      clearInterval(timer);
      await tidying;
    },
  };
}

/** What each edge has begun and not ended; the oldest goes when there are too many. */
function createBegun(remove: (clipId: string) => Promise<void>) {
  const byEdge = new Map<string, Set<string>>();
  return {
    add: async (edgeId: string, clipId: string): Promise<void> => {
      const begun = byEdge.get(edgeId) ?? new Set();
      byEdge.set(edgeId, begun.add(clipId));
      const [oldest] = begun;
      if (begun.size <= mostUnfinished || oldest === undefined) return;
      begun.delete(oldest);
      await remove(oldest);
    },
    end: (edgeId: string, clipId: string): void => {
      const begun = byEdge.get(edgeId);
      begun?.delete(clipId);
      if (begun?.size === 0) byEdge.delete(edgeId);
    },
  };
}

/** What becomes of a clip of which everything has come. */
function createFinish(
  { folder, store, logger, now }: Parts,
  partOf: (clipId: string) => string,
  fileOf: (clipId: string) => string,
): (edgeId: string, header: ClipHeader) => Promise<ClipProgress> {
  const wrongHashes = new Map<string, number>();
  return async (edgeId, header) => {
    const { clipId, bytes, sha256 } = header;
    const isRight = (await digest(partOf(clipId))) === sha256;
    const times = (wrongHashes.get(clipId) ?? 0) + 1;
    wrongHashes.delete(clipId);
    if (isRight) {
      await moveDurably(partOf(clipId), fileOf(clipId), folder);
      await store.saveClip(edgeId, header, now(), await placeOf(folder));
      return { clipId, received: bytes, state: 'stored' };
    }
    await rm(partOf(clipId), { force: true });
    logger.warn({ edgeId, clipId, times }, 'a clip came damaged');
    if (times >= mostWrongHashes) return { clipId, received: 0, state: 'refused' };
    wrongHashes.set(clipId, times);
    return { clipId, received: 0, state: 'partial' };
  };
}

/** An edge may send clips of its own events only. */
async function refusal(
  store: Pick<Store, 'event'>,
  edgeId: string,
  { cameraId, eventIds }: ClipHeader,
): Promise<string | undefined> {
  for (const eventId of eventIds) {
    const event = await store.event(eventId);
    if (event === undefined) continue;
    if (event.edgeId !== edgeId) return `event ${eventId} belongs to edge ${event.edgeId}`;
    if (event.cameraId !== cameraId) return `event ${eventId} belongs to camera ${event.cameraId}`;
  }
  return undefined;
}

/**
 * At its place, not at the end: collectors that share the folder hear the same pieces, and write the same bytes once. On a
 * full disk nothing of the piece is kept, so that it fits where the one before ended.
 */
async function put(file: string, bytes: Uint8Array, at: number): Promise<void> {
  // Only the first piece makes the file: another collector may have given it its final name by now.
  const handle = await open(file, constants.O_WRONLY | (at === 0 ? constants.O_CREAT : 0));
  try {
    for (let done = 0; done < bytes.length; )
      done += (await handle.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
  } catch (error) {
    await handle.truncate(at);
    throw error;
  } finally {
    await handle.close();
  }
}

async function moveDurably(from: string, to: string, folder: string): Promise<void> {
  await synced(from);
  await rename(from, to);
  await synced(folder);
}

async function synced(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function digest(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
