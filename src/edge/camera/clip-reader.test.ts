/** Clips read with real ffmpeg. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { childrenOf } from '../../testing/processes.ts';
import { type ClipSettings, readClip } from './clip-reader.ts';

const clip = 'test-fixtures/clips/town-square.mp4';
const folder = mkdtempSync(join(tmpdir(), 'clip-test-'));
const file = (name: string): string => join(folder, name);
/** The first three seconds, in other wrappings. */
const short = file('short.mp4');

beforeAll(() => {
  run(`-i ${clip} -t 3 -c copy -movflags faststart ${short}`);
  run(`-i ${short} -c copy ${file('short.264')}`);
  run(`-i ${short} -c copy ${file('short.mkv')}`);
  run(
    `-f lavfi -i testsrc=size=640x360:rate=25:duration=2 -c:v libx264 -preset ultrafast -bf 2 ${file('b-frames.mp4')}`,
  );
  run(`-f lavfi -i sine=duration=1 ${file('sound.wav')}`);
  cutTo(clip, file('no-index.mp4'), 500_000);
  cutTo(short, file('cut.mp4'), 80_000);
  cutTo(file('short.264'), file('cut.264'), 80_000);
  cutTo(file('short.mkv'), file('cut.mkv'), 80_000);
  writeFileSync(file('empty.mp4'), '');
  writeFileSync(file('text.mp4'), 'this is no video\n'.repeat(200));
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(options: string): void {
  spawnSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...options.split(' ')]);
}

function cutTo(source: string, target: string, bytes: number): void {
  writeFileSync(target, readFileSync(source).subarray(0, bytes));
}

async function read(settings: ClipSettings) {
  const reading = readClip(settings);
  const frames: Readonly<{ frameNumber: number; mediaTimeMs: number; pixels: string }>[] = [];
  for await (const { frameNumber, mediaTimeMs, capturedAtMs, pixels } of reading) {
    expect(capturedAtMs).toBe(Math.round(mediaTimeMs));
    const hash = createHash('md5').update(pixels).digest('hex');
    frames.push({ frameNumber, mediaTimeMs, pixels: hash });
  }
  return { frames, facts: reading.facts() };
}

describe('a clip reader', () => {
  test.each([
    { analysisFps: 10, every: 1 },
    { analysisFps: 5, every: 2 },
  ])('numbers and times frames exactly at $analysisFps fps', async ({ analysisFps, every }) => {
    const { frames, facts } = await read({ path: short, analysisFps });
    const numbers = Array.from({ length: 30 / every }, (_, index) => 1 + index * every);
    expect(frames.map(({ frameNumber }) => frameNumber)).toEqual(numbers);
    expect(frames.map(({ mediaTimeMs }) => mediaTimeMs)).toEqual(numbers.map((n) => (n - 1) * 100));
    expect(facts).toEqual({ sourceFrames: 30, fps: 10 });
  });

  test('gives the same pictures and times again, and in another wrapping', async () => {
    const [first, again, other] = [
      await read({ path: short, analysisFps: 5 }),
      await read({ path: short, analysisFps: 5 }),
      await read({ path: file('short.mkv'), analysisFps: 5 }),
    ];
    expect(again).toEqual(first);
    expect(other.frames).toEqual(first.frames);
  });

  test('counts the time of a bare stream by the rate that it is given', async () => {
    const { frames, facts } = await read({ path: file('short.264'), analysisFps: 5, inputFps: 20 });
    expect(frames.slice(0, 3).map(({ frameNumber }) => frameNumber)).toEqual([1, 5, 9]);
    expect(frames.slice(0, 3).map(({ mediaTimeMs }) => mediaTimeMs)).toEqual([0, 200, 400]);
    expect(facts).toEqual({ sourceFrames: 30, fps: 20 });
  });

  test('reads pictures that were coded out of order in their own order', async () => {
    const { frames } = await read({ path: file('b-frames.mp4'), analysisFps: 25 });
    expect(frames.map(({ frameNumber }) => frameNumber)).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
    expect(frames.map(({ mediaTimeMs }) => mediaTimeMs)).toEqual(
      Array.from({ length: 50 }, (_, index) => index * 40),
    );
  });

  test('waits for a slow reader and loses nothing', async () => {
    const numbers: number[] = [];
    for await (const frame of readClip({ path: short, analysisFps: 10, largestWidth: 160 })) {
      expect(frame).toMatchObject({ width: 160, height: 120, sourceWidth: 768, sourceHeight: 576 });
      numbers.push(frame.frameNumber);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    expect(numbers.length).toBe(30);
  });

  test('ends ffmpeg when the reader leaves early', async () => {
    for await (const frame of readClip({ path: clip, analysisFps: 10 })) {
      if (frame.frameNumber === 3) break;
    }
    expect(childrenOf(process.pid)).toEqual([]);
  });

  test.each([
    ['missing.mp4', 'CLIP_MISSING', /there is no such file/],
    ['no-index.mp4', 'CLIP_TRUNCATED', /truncated/],
    ['cut.mp4', 'CLIP_TRUNCATED', /truncated/],
    ['cut.mkv', 'CLIP_TRUNCATED', /truncated/],
    ['cut.264', 'CLIP_TRUNCATED', /truncated/],
    ['empty.mp4', 'CLIP_TRUNCATED', /truncated or no video/],
    ['text.mp4', 'CLIP_TRUNCATED', /truncated or no video/],
    ['sound.wav', 'CLIP_NO_VIDEO', /holds no video/],
  ])('says in one sentence what is wrong with %s', async (name, code, sentence) => {
    const path = file(name);
    const reading = read({ path, analysisFps: 5, inputFps: 10 });
    await expect(reading).rejects.toMatchObject({ name: 'Error', code });
    await expect(reading).rejects.toThrow(sentence);
    await expect(reading).rejects.toThrow(new RegExp(`^clip ${path}: [^\\n]*$`));
  });
});
