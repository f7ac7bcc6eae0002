/** How long clips stay on the box, whether or not a newer one comes. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rawClip } from '../../testing/clips.ts';
import { openClipShelf } from './clip-shelf.ts';
import { createClips } from './clips.ts';

const dayMs = 86_400_000;
const settings = { preRollSeconds: 3, postRollSeconds: 2, maxBytes: 1e9, keepDays: 2 };
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clip-days-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('clips that are too old go though no newer one comes, and those of a camera that is recorded no more once the centre has them', async () => {
  const raw = rawClip();
  const shelf = openClipShelf({
    folder: join(folder, 'clips'),
    boundsOf: () => settings,
    onDropped: () => undefined,
  });
  const nowMs = 20_000 * dayMs;
  const at = (startMs: number) => ({
    ...raw,
    fragments: raw.fragments.map((one) => ({ ...one, startMs, endMs: startMs + 1000 })),
  });
  const kept = (cameraId: string, ageDays: number) =>
    shelf.keep(cameraId, at(nowMs - ageDays * dayMs), nowMs - ageDays * dayMs);
  await kept('gate', 3);
  const young = await kept('gate', 1);
  const given = await kept('gone', 1);
  await shelf.delivered(given.clipId);
  const wanted = await kept('gone', 1);

  const dropped: string[] = [];
  const clips = createClips({
    dataFolder: folder,
    cameras: [{ cameraId: 'gate', source: 'rtsp://127.0.0.1/', clips: settings }],
    isMasked: () => false,
    isSeen: () => false,
    onDropped: (cameraId) => dropped.push(cameraId),
    logger: pino({ level: 'silent' }),
    now: () => nowMs,
  });
  clips.start();
  await clips.stop();
  const files = [young, wanted].flatMap(({ clipId }) => [`${clipId}.json`, `${clipId}.mp4`]);
  expect(readdirSync(join(folder, 'clips')).sort()).toEqual(files.sort());
  expect(dropped).toEqual(['gate']);
});
