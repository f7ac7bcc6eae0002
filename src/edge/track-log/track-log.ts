/**
 * The tracks of the last 24 hours of each camera, on disk: `<folder>/<cameraId>/<begin in epoch ms>.tracks`, a file an hour.
 * A file is a row of records: length (uint32), CRC-32 (uint32), batch. What a crash tore is found by its check and left
 * out; after a start a new file is begun, so that nothing stands behind a torn record. Bounded by time and by bytes.
 */
import { appendFile, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { TrackRun } from '../scene/replay-rule.ts';
import { headOf, tellBatch } from './track-batch.ts';

const keptMs = 24 * 3_600_000;
const fileMs = 3_600_000;
const headBytes = 8;
/** A day of a busy camera takes some twelve; a square full of people five times that. */
const defaultMostBytes = 64 * 1024 * 1024;

export type TrackLog = Readonly<{
  /** Takes a batch of the camera. Returns at once; a failure is told once, and once more when it is over. */
  append: (cameraId: string, batch: Uint8Array, nowMs: number) => void;
  /** The runs of the last 24 hours, oldest first. Rejects when the folder cannot be read. */
  read: (cameraId: string, nowMs: number) => Promise<readonly TrackRun[]>;
  /** When everything that was taken has been written or has failed. */
  settled: () => Promise<void>;
}>;

type Parts = Readonly<{
  folder: string;
  /** Of one camera. */
  mostBytes?: number;
  onFailure: (cameraId: string, reason: string) => void;
  onRecovery?: (cameraId: string) => void;
}>;

type OpenFile = Readonly<{ path: string; untilMs: number }>;

export function createTrackLog(parts: Parts): TrackLog {
  const { folder, mostBytes = defaultMostBytes } = parts;
  const open = new Map<string, OpenFile>();
  const failing = new Set<string>();
  let work: Promise<void> = Promise.resolve();

  const write = async (cameraId: string, batch: Uint8Array, nowMs: number): Promise<void> => {
    let file = open.get(cameraId);
    if (file === undefined || nowMs >= file.untilMs) {
      const place = join(folder, cameraId);
      await mkdir(place, { recursive: true });
      await forgetOld(place, nowMs, mostBytes);
      file = { path: join(place, `${nowMs}.tracks`), untilMs: nowMs + fileMs };
      open.set(cameraId, file);
    }
    await appendFile(file.path, recordOf(batch));
  };
  const failed = (cameraId: string, error: unknown): void => {
    open.delete(cameraId);
    if (failing.has(cameraId)) return;
    failing.add(cameraId);
    parts.onFailure(cameraId, error instanceof Error ? error.message : String(error));
  };
  const written = (cameraId: string): void => {
    if (failing.delete(cameraId)) parts.onRecovery?.(cameraId);
  };

  return {
    append: (cameraId, batch, nowMs) => {
      work = work
        .then(() => write(cameraId, batch, nowMs))
        .then(
          () => written(cameraId),
          (error: unknown) => failed(cameraId, error),
        );
    },
    read: async (cameraId, nowMs) => {
      await work;
      const files = await filesIn(join(folder, cameraId));
      const runs = new Map<string, Run>();
      for (const { path, startMs } of files) {
        if (startMs < nowMs - keptMs - fileMs) continue;
        for (const batch of recordsIn(await readFile(path))) addTo(runs, batch);
      }
      return [...runs.values()].map(({ aspectRatio, batches }) => ({
        aspectRatio,
        tell: (taker) => {
          for (const batch of batches) tellBatch(batch, nowMs - keptMs, taker);
        },
      }));
    },
    settled: () => work,
  };
}

function recordOf(batch: Uint8Array): Uint8Array {
  const record = new Uint8Array(headBytes + batch.length);
  const head = new DataView(record.buffer);
  head.setUint32(0, batch.length);
  head.setUint32(4, crc32(batch));
  record.set(batch, headBytes);
  return record;
}

/** Whole records only; what follows the first torn one is lost. */
function* recordsIn(bytes: Uint8Array): Generator<Uint8Array> {
  const heads = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + headBytes <= bytes.length; ) {
    const length = heads.getUint32(at);
    const batch = bytes.subarray(at + headBytes, at + headBytes + length);
    if (batch.length !== length || crc32(batch) !== heads.getUint32(at + 4)) return;
    yield batch;
    at += headBytes + length;
  }
}

type Run = Readonly<{ aspectRatio: number; batches: Uint8Array[] }>;

/** A change of the picture's shape begins a run of its own too: distances are measured by it. */
function addTo(runs: Map<string, Run>, batch: Uint8Array): void {
  const { runId, aspectRatio } = headOf(batch);
  const key = `${runId} ${aspectRatio}`;
  const run = runs.get(key) ?? { aspectRatio, batches: [] };
  runs.set(key, run);
  run.batches.push(batch);
}

type LogFile = Readonly<{ path: string; startMs: number; bytes: number }>;

/** Oldest first; none when there is no folder yet. */
async function filesIn(place: string): Promise<readonly LogFile[]> {
  const names = await readdir(place).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  const files = names
    .filter((name) => /^\d+\.tracks$/.test(name))
    .map(async (name) => {
      const path = join(place, name);
      return { path, startMs: Number.parseInt(name, 10), bytes: (await stat(path)).size };
    });
  return (await Promise.all(files)).sort((a, b) => a.startMs - b.startMs);
}

/** Too old, or so many that the new hour would not fit: the oldest go first. */
async function forgetOld(place: string, nowMs: number, mostBytes: number): Promise<void> {
  const files = await filesIn(place);
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  for (const file of files) {
    const isOld = file.startMs + fileMs < nowMs - keptMs;
    if (!isOld && bytes <= mostBytes) continue;
    await rm(file.path, { force: true });
    bytes -= file.bytes;
  }
}
