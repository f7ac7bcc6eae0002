/** Clips lie where the collector that took them keeps them: no other one takes a clip for gone, or says that it is deleted. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStore } from '../store/create-store.ts';
import type { Store } from '../store/store.ts';
import { createClips } from './clips.ts';

const logger = pino({ level: 'silent' });
let folder = '';
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clip-places-'));
  const database = { kind: 'sqlite', file: join(folder, 'centre.sqlite') } as const;
  store = await createStore({ database, places: [] });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A collector's clips as they are after its start; its first look is over. */
async function started(name: string) {
  const clips = createClips({ folder: join(folder, name), store, logger, now: Date.now });
  clips.start();
  await clips.stop();
  return clips;
}

/** Taken whole; the file is made old enough to be taken for a stray. */
async function take(name: string, number: number): Promise<string> {
  const bytes = randomBytes(1000);
  const clipId = `01890000-0000-7000-8000-${String(number).padStart(12, '0')}`;
  const clips = createClips({ folder: join(folder, name), store, logger, now: Date.now });
  const header = {
    ...{ clipId, cameraId: 'cam-1', eventIds: [clipId], startedAtMs: 1, durationMs: 1 },
    ...{ bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') },
  };
  const { state } = await clips.take('edge-1', { header: { ...header, offset: 0 }, bytes });
  expect(state).toBe('stored');
  utimesSync(clips.fileOf(clipId), 1, 1);
  return clipId;
}

const videosIn = (name: string) =>
  readdirSync(join(folder, name)).filter((one) => one.endsWith('.mp4'));
const known = async () => (await store.clips()).map(({ clipId }) => clipId);

test('a collector leaves the clips of another alone, whose folder it does not see', async () => {
  const clipId = await take('a', 1);
  await started('b');
  expect(await known()).toEqual([clipId]);
  await started('a');
  expect(videosIn('a')).toEqual([`${clipId}.mp4`]);
});

test('a folder that was not mounted costs no clip', async () => {
  const clipId = await take('a', 1);
  renameSync(join(folder, 'a'), join(folder, 'away'));
  await started('a');
  const meanwhile = await take('a', 2);
  expect(videosIn('a')).toEqual([`${meanwhile}.mp4`]);
  await started('a');
  rmSync(join(folder, 'a'), { recursive: true });
  renameSync(join(folder, 'away'), join(folder, 'a'));
  await started('a');
  expect(await known()).toContain(clipId);
  expect(videosIn('a')).toEqual([`${clipId}.mp4`]);
});

test('a clip that another collector has counts as deleted only when that one has removed its file', async () => {
  const clipId = await take('a', 1);
  const other = await started('b');
  expect(await store.removeItems('clips', [clipId], 'age')).toBe(1);
  await other.removeFiles();
  expect(await certified()).toEqual([]);
  expect(videosIn('a')).toEqual([`${clipId}.mp4`]);
  await started('a');
  expect(videosIn('a')).toEqual([]);
  expect(await certified()).toEqual([clipId]);
});

test('two collectors that share a folder and hear the same pieces put one whole clip there', async () => {
  const bytes = randomBytes(200_000);
  const [one, other] = ['shared', 'shared'].map((name) =>
    createClips({ folder: join(folder, name), store, logger, now: Date.now }),
  ) as [ReturnType<typeof createClips>, ReturnType<typeof createClips>];
  const clipId = '01890000-0000-7000-8000-000000000007';
  const facts = {
    ...{ clipId, cameraId: 'cam-1', eventIds: [clipId], startedAtMs: 1, durationMs: 1 },
    ...{ bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') },
  };
  let offset = 0;
  const states: string[] = [];
  while (states.length < 40 && !states.includes('stored') && !states.includes('refused')) {
    const piece = { header: { ...facts, offset }, bytes: bytes.subarray(offset, offset + 50_000) };
    const answers = await Promise.allSettled([
      one.take('edge-1', piece),
      other.take('edge-1', piece),
    ]);
    for (const answer of answers) {
      if (answer.status !== 'fulfilled') continue;
      states.push(answer.value.state);
      offset = Math.min(answer.value.received, bytes.length - 1);
    }
  }
  expect(states).toContain('stored');
  expect(states).not.toContain('refused');
  expect(readFileSync(one.fileOf(clipId)).equals(bytes)).toBe(true);
});

async function certified(): Promise<readonly string[]> {
  let ids: readonly string[] = [];
  await store.certifyDeletions((items) => {
    ids = items.map(({ id }) => id);
    return { atMs: 1, actor: '', address: '', action: 'recordings-deleted', outcome: 'done' };
  });
  return ids;
}
