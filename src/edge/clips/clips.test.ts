/** Clips of a real RTSP camera: what they show, that they are whole after any kill, and that they stay within bounds. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ClipFacts } from '../../contract/clip-message.ts';
import { createRtspServer, type RtspServer } from '../../demo/rtsp-server.ts';
import { rawClip } from '../../testing/clips.ts';
import { crossingEvent } from '../../testing/events.ts';
import { canMountTmpfs, clipsOnFullDisk } from '../../testing/full-disk.ts';
import { openClipShelf } from './clip-shelf.ts';
import { type Clips, createClips } from './clips.ts';

const recording = 'test-fixtures/clips/town-square.mp4';
const settings = { preRollSeconds: 3, postRollSeconds: 2, maxBytes: 1e9, keepDays: 1 };
let folder = '';
let rtsp: RtspServer | undefined;
let clips: Clips | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clips-'));
});
afterEach(async () => {
  await clips?.stop();
  await rtsp?.stop();
  clips = undefined;
  rtsp = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function record(
  isMasked: () => boolean,
  dropped: string[] = [],
  isSeen: () => boolean = () => true,
): Promise<Clips> {
  const credentials = { username: 'viewer', password: 'secret' };
  rtsp = createRtspServer({ cameras: [{ path: 'gate', file: recording }], credentials });
  const { url } = await rtsp.start();
  clips = createClips({
    dataFolder: folder,
    cameras: [{ cameraId: 'cam-1', source: url('gate'), ...credentials, clips: settings }],
    isMasked,
    isSeen,
    onDropped: (cameraId) => dropped.push(cameraId),
    logger: pino({ level: 'silent' }),
    now: Date.now,
  });
  clips.start();
  return clips;
}

test('a camera that gives no picture, as one that refuses the password, is not asked by its recorder as well', async () => {
  let isSeen = false;
  let looks = 0;
  await record(
    () => false,
    [],
    () => {
      looks += 1;
      return isSeen;
    },
  );
  await expect.poll(() => looks, { timeout: 20_000 }).toBeGreaterThan(1);
  expect(rtsp?.attempts('gate')).toBe(0);
  isSeen = true;
  await expect.poll(() => rtsp?.attempts('gate'), { timeout: 20_000 }).toBeGreaterThan(0);
});

function probe(file: string): Readonly<{ seconds: number; firstIsKey: boolean; packets: number }> {
  const entries = 'format=duration:packet=flags';
  const args = ['-v', 'error', '-show_entries', entries, '-of', 'json', file];
  const { format, packets } = JSON.parse(execFileSync('ffprobe', args, { encoding: 'utf8' }));
  const firstIsKey = String(packets[0]?.flags).startsWith('K');
  return { seconds: Number(format.duration), firstIsKey, packets: packets.length };
}

const later = (milliseconds: number): Promise<void> =>
  new Promise((go) => setTimeout(go, milliseconds));

test('a clip begins before the pre-roll with a key frame, goes on after the post-roll, and two events share it', async () => {
  const recorded = await record(() => false);
  // What came before an event can only be had once it has come.
  await later(8000);
  const atMs = Date.now();
  recorded.take(crossingEvent(1, { capturedAtMs: atMs }));
  recorded.take(crossingEvent(2, { capturedAtMs: atMs + 500 }));
  await expect.poll(() => recorded.due(), { timeout: 30_000 }).toBeDefined();
  const clip = recorded.due() as ClipFacts;
  expect(clip.eventIds).toEqual([1, 2].map((n) => crossingEvent(n).eventId));
  expect(clip.startedAtMs).toBeLessThanOrEqual(atMs - 3000 + 500);
  expect(clip.startedAtMs + clip.durationMs).toBeGreaterThanOrEqual(atMs + 2500);
  const file = join(folder, 'clips', `${clip.clipId}.mp4`);
  const { seconds, firstIsKey, packets } = probe(file);
  expect(firstIsKey).toBe(true);
  expect(seconds).toBeGreaterThanOrEqual(5.5);
  expect(Math.abs(seconds - clip.durationMs / 1000)).toBeLessThan(0.5);
  expect(packets).toBeGreaterThan(seconds * 9);
  const bytes = readFileSync(file);
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(clip.sha256);
  expect(bytes.length).toBe(clip.bytes);
  // The index stands before the pictures, so that a browser can seek at once.
  expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
  expect(readdirSync(join(folder, 'clips')).sort()).toEqual([
    `${clip.clipId}.json`,
    `${clip.clipId}.mp4`,
  ]);
  // One connection all the time, and no password on any command line.
  expect(rtsp?.attempts('gate')).toBe(1);
}, 60_000);

test('nothing is kept of a camera that a privacy mask covers, from the moment that it does', async () => {
  let masked = true;
  const recorded = await record(() => masked);
  await later(500);
  expect(rtsp?.attempts('gate')).toBe(0);
  masked = false;
  recorded.masksChanged('cam-1');
  await expect.poll(() => rtsp?.attempts('gate'), { timeout: 10_000 }).toBe(1);
  await later(2500);
  recorded.take(crossingEvent(1, { capturedAtMs: Date.now() }));
  masked = true;
  recorded.masksChanged('cam-1');
  await recorded.stop();
  expect(recorded.due()).toBeUndefined();
}, 60_000);

const shelfOf = (dropped: string[], maxBytes = 1e9) =>
  openClipShelf({
    folder,
    boundsOf: () => ({ maxBytes, keepDays: 1 }),
    onDropped: ({ clipId }) => dropped.push(clipId),
  });

test('the shelf stays within its bytes: delivered clips go first, then the oldest, and those are told', async () => {
  const dropped: string[] = [];
  const raw = rawClip();
  const size = raw.fragments.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const shelf = shelfOf(dropped, size * 3.5);
  const at = (startMs: number) => ({
    ...raw,
    fragments: raw.fragments.map((one) => ({ ...one, startMs, endMs: startMs + 1000 })),
  });
  const [a, b, c, d, e] = [
    await shelf.keep('cam-1', at(1000), 1000),
    await shelf.keep('cam-1', at(2000), 2000),
    await shelf.keep('cam-1', at(3000), 3000).then(async (clip) => {
      await shelf.delivered(clip.clipId);
      return clip;
    }),
    await shelf.keep('cam-1', at(4000), 4000),
    await shelf.keep('cam-1', at(5000), 5000),
  ];
  const ids = shelf.all().map(({ clipId }) => clipId);
  expect(ids).toEqual([b, d, e].map((clip) => clip?.clipId));
  expect(ids).not.toContain(c?.clipId);
  expect(dropped).toEqual([a?.clipId]);
  expect(shelf.due()).toEqual(e);
  // A day later all of them are too old.
  await shelf.keep('cam-1', at(200_000_000), 200_000_000);
  expect(shelf.all()).toHaveLength(1);
});

test('after the start no clip is without its card and no card without its clip', async () => {
  const shelf = shelfOf([]);
  const raw = rawClip();
  const whole = await shelf.keep('cam-1', raw, 1000);
  const lost = await shelf.keep('cam-1', raw, 1000);
  rmSync(join(folder, `${lost.clipId}.mp4`));
  writeFileSync(join(folder, 'stray.mp4'), 'half a clip');
  writeFileSync(join(folder, 'half.mp4.part'), 'half a clip');
  writeFileSync(join(folder, 'broken.json'), '{"clipId":');
  expect(shelfOf([]).all()).toEqual([whole]);
  expect(readdirSync(folder).sort()).toEqual([`${whole.clipId}.json`, `${whole.clipId}.mp4`]);
});

test('killed ten times while it writes, the shelf has after each start only clips that are whole', async () => {
  const program = join(import.meta.dirname, '../../testing/clip-writer-main.ts');
  for (let kill = 0; kill < 10; kill += 1) {
    const writer: ChildProcess = spawn(process.execPath, [program, folder], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await new Promise<void>((resolve) => writer.stdout?.once('data', () => resolve()));
    await later(kill * 23);
    const gone = new Promise<void>((resolve) => writer.once('exit', () => resolve()));
    writer.kill('SIGKILL');
    await gone;
    const cards = shelfOf([]).all();
    const names = cards.flatMap(({ clipId }) => [`${clipId}.json`, `${clipId}.mp4`]);
    // An ffmpeg whose parent was killed may still finish its own unfinished file.
    expect(
      readdirSync(folder)
        .filter((name) => !name.includes('.part'))
        .sort(),
    ).toEqual(names.sort());
    for (const { clipId, sha256 } of cards) {
      const bytes = readFileSync(join(folder, `${clipId}.mp4`));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    }
  }
}, 60_000);

test.runIf(canMountTmpfs())(
  'a clip that the full disk does not take is told, and events still go through',
  () => {
    const output = execFileSync(...clipsOnFullDisk('12m'), { encoding: 'utf8' });
    expect(JSON.parse(output.trim().split('\n').at(-1) ?? '')).toEqual({
      refused: true,
      left: [],
      eventsKept: 200,
      keptAfterwards: true,
    });
  },
);
