/** An edge that begins clips and ends none fills no disk, and takes nothing from other edges. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import { expect, test } from 'vitest';
import { createStore } from '../store/create-store.ts';
import { createClips } from './clips.ts';

test('only its newest unfinished clips are kept, and what another edge has begun is ended', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'unfinished-'));
  const database = { kind: 'sqlite', file: join(folder, 'centre.sqlite') } as const;
  const store = await createStore({ database, places: [] });
  const logger = pino({ level: 'silent' });
  const clips = createClips({ folder: join(folder, 'clips'), store, logger, now: Date.now });
  const whole = Buffer.from('a whole clip');
  const headerOf = (clipId: string) => ({
    ...{ clipId, cameraId: 'cam-1', eventIds: [uuidv7()], startedAtMs: 1, durationMs: 1 },
    ...{ bytes: whole.length, sha256: createHash('sha256').update(whole).digest('hex') },
  });
  const take = (edgeId: string, clipId: string, from: number, to: number) => {
    const header = { ...headerOf(clipId), offset: from };
    return clips.take(edgeId, { header, bytes: whole.subarray(from, to) });
  };

  const honest = uuidv7();
  await take('edge-2', honest, 0, 5);
  const begun = Array.from({ length: 40 }, uuidv7);
  for (const clipId of begun) await take('edge-1', clipId, 0, 5);
  const kept = readdirSync(join(folder, 'clips')).sort();
  expect(kept).toEqual([honest, ...begun.slice(-4)].map((id) => `${id}.part`).sort());
  const end = await take('edge-2', honest, 5, whole.length);
  expect(end).toEqual({ clipId: honest, received: whole.length, state: 'stored' });
  expect(await take('edge-1', begun[0] ?? '', 5, whole.length)).toMatchObject({ received: 0 });

  await store.close();
  rmSync(folder, { recursive: true, force: true });
});
