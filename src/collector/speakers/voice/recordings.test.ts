/** The library of recordings: what is taken in, what is refused and why, and what stands in it afterwards. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createRecordings, type Recordings } from './recordings.ts';

const root = mkdtempSync(join(tmpdir(), 'recordings-'));
let folder: string;
let recordings: Recordings;

beforeEach(() => {
  folder = mkdtempSync(join(root, 'library-'));
  recordings = createRecordings(folder, new AbortController().signal);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function sound(ending: string, seconds: number, ...coding: readonly string[]): Uint8Array {
  const path = join(root, `made-${seconds}.${ending}`);
  const source = `aevalsrc=exprs='0.4*sin(2*PI*600*t)*lt(mod(t\\,0.5)\\,0.3)':s=16000:d=${seconds}`;
  spawnSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', source, ...coding, path]);
  return readFileSync(path);
}

function cracks(): Uint8Array {
  const path = join(root, 'cracks.wav');
  const source = `aevalsrc=exprs='0.95*lt(mod(t\\,0.4)\\,0.002)':s=16000:d=2`;
  spawnSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', source, path]);
  return readFileSync(path);
}

const upload = (name: string, bytes: Uint8Array) =>
  recordings.add({ name, title: '禁止停车', bytes, by: 'li', atMs: 1000 });

describe('an upload', () => {
  test.each(['wav', 'mp3'])(
    'of a real %s stands in the library under its title',
    async (ending) => {
      const added = await upload('no-parking', sound(ending, 2));
      expect(added).toMatchObject({
        ok: true,
        recording: { name: 'no-parking', title: '禁止停车', savedBy: 'li' },
      });
      const [listed] = await recordings.list();
      expect(listed).toMatchObject({ name: 'no-parking', title: '禁止停车', savedBy: 'li' });
      expect(listed?.seconds).toBeCloseTo(2, 0);
      expect(await recordings.path('no-parking')).toBe(join(folder, `no-parking.${ending}`));
    },
  );

  test('replaces the one of the same name, also when that was of the other format', async () => {
    await upload('same', sound('mp3', 2));
    await upload('same', sound('wav', 3));
    expect((await recordings.list()).map(({ seconds }) => Math.round(seconds))).toEqual([3]);
    expect(readdirSync(folder).sort()).toEqual(['same.json', 'same.wav']);
  });

  test.each<[string, () => Uint8Array, string]>([
    ['that is no sound', () => Buffer.from('no sound at all'), 'no WAV and no MP3'],
    ['in another format', () => sound('ogg', 1), 'no WAV and no MP3'],
    [
      'that is a playlist under a false name',
      () => Buffer.from('#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/x.wav\n'),
      'no WAV and no MP3',
    ],
    ['that is too long', () => sound('mp3', 70), 'cut it to 60 s at most'],
    ['that is cut off', () => sound('wav', 2).slice(0, 200), 'shorter than a fifth of a second'],
    ['that is silent', () => sound('wav', 1, '-af', 'volume=0'), 'it is silent'],
    ['that is nothing but cracks', cracks, 'its peaks are so sharp'],
  ])('%s is refused with the mend, and nothing is left of it', async (_what, bytes, reason) => {
    expect(await upload('bad', bytes())).toMatchObject({
      ok: false,
      reason: expect.stringContaining(reason),
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each(['../up', 'Nein', '', 'a/b'])('under the name "%s" is refused', async (name) => {
    expect(await upload(name, sound('wav', 1))).toMatchObject({ ok: false });
    expect(readdirSync(folder)).toEqual([]);
  });
});

test('a file that was put into the folder by hand counts, one with a strange name does not', async () => {
  writeFileSync(join(folder, 'by-hand.wav'), sound('wav', 2));
  writeFileSync(join(folder, 'By Hand.wav'), sound('wav', 2));
  const listed = await recordings.list();
  expect(listed.map(({ title }) => title)).toEqual(['by-hand']);
  expect(listed[0]?.seconds).toBeCloseTo(2, 0);
});

test('what is removed is gone with its title', async () => {
  await upload('gone', sound('wav', 1));
  expect(await recordings.remove('gone')).toBe(true);
  expect(await recordings.remove('gone')).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
});
