import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Announcement } from '../../../contract/rule-response.ts';
import { matchEnvelopes } from '../../../testing/audio-envelope.ts';
import type { SampleRate } from '../speaker.ts';
import { defaultTargetLufs as targetLufs } from './loudness.ts';
import { createVoice } from './voice.ts';

const folder = mkdtempSync(join(tmpdir(), 'voice-'));
const cacheFolder = join(folder, 'cache');
const recordingsFolder = join(folder, 'recordings');
const voice = createVoice({ cacheFolder, recordingsFolder });

beforeAll(() => {
  mkdirSync(recordingsFolder);
  sound('quiet', 'wav', '0.01*sin(2*PI*500*t)*(1+sin(2*PI*3*t))|0.01*sin(2*PI*500*t)');
  sound('loud', 'mp3', '0.99*sin(2*PI*900*t)*lt(mod(t\\,0.7)\\,0.5)');
  sound('silent', 'wav', '0*t');
  sound('clipped', 'wav', 'clip(9*sin(2*PI*440*t)*(0.5+0.5*sin(2*PI*2*t))\\,-1\\,1)');
  sound('short', 'wav', '0.5*sin(2*PI*800*t)', { seconds: 0.25 });
  sound('narrow', 'mp3', '0.3*sin(2*PI*700*t)*lt(mod(t\\,0.5)\\,0.3)', { rate: 8000 });
  sound('opposite', 'wav', '0.4*sin(2*PI*700*t)|-0.4*sin(2*PI*700*t)');
  const front = '0.4*sin(2*PI*600*t)*lt(mod(t\\,0.6)\\,0.4)';
  sound('cinema', 'wav', `0.1*sin(440*t)|0.1*sin(3000*t)|${front}|0.3*sin(2*PI*60*t)|0*t|0*t`);
  writeFileSync(join(recordingsFolder, 'broken.mp3'), 'this is no sound');
});

afterAll(async () => {
  await voice.stop();
  rmSync(folder, { recursive: true, force: true });
});

function sound(
  name: string,
  ending: string,
  expression: string,
  { seconds = 3, rate = 44100 } = {},
): void {
  const source = `aevalsrc=exprs='${expression}':s=${rate}:d=${seconds}`;
  spawnSync('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', source],
    join(recordingsFolder, `${name}.${ending}`),
  ]);
}

function speech(text: string, language: 'zh-CN' | 'en' = 'zh-CN'): Announcement {
  return { kind: 'speech', text, language };
}

/** ffmpeg's own measurement of the file as it stands. */
function measured(wavPath: string): Readonly<{ lufs: number; truePeak: number }> {
  const filter = ['-af', 'ebur128=peak=true:framelog=verbose', '-f', 'null', '-'];
  const { stderr } = spawnSync('ffmpeg', ['-nostdin', '-nostats', '-i', wavPath, ...filter], {
    encoding: 'utf8',
  });
  const summary = stderr.slice(stderr.lastIndexOf('Summary:'));
  return {
    lufs: Number(/I:\s+(\S+) LUFS/.exec(summary)?.[1]),
    truePeak: Number(/Peak:\s+(\S+) dBFS/.exec(summary)?.[1]),
  };
}

describe('an announcement is as loud as every other', () => {
  test.each<[string, Announcement, SampleRate]>([
    ['a warning in Chinese', speech('请立即离开，您已进入警戒区域'), 8000],
    ['one word', speech('走'), 8000],
    ['a long text', speech('消防车即将通过，请立即让开道路。火警请拨打119。谢谢配合！'), 16000],
    ['English', speech('This lane is watched. Please move on.', 'en'), 8000],
    ['a faint stereo recording', { kind: 'recording', name: 'quiet' }, 8000],
    ['a recording at full scale', { kind: 'recording', name: 'loud' }, 16000],
    ['a clipped recording', { kind: 'recording', name: 'clipped' }, 16000],
    ['a quarter of a second', { kind: 'recording', name: 'short' }, 8000],
    ['an MP3 of a telephone', { kind: 'recording', name: 'narrow' }, 16000],
    ['channels that cancel each other out', { kind: 'recording', name: 'opposite' }, 8000],
    ['six channels', { kind: 'recording', name: 'cinema' }, 16000],
  ])('%s', async (_what, announcement, sampleRate) => {
    const prepared = await voice.prepare(announcement, sampleRate);
    if (!prepared.ok) throw new Error(prepared.reason);
    const { lufs, truePeak } = measured(prepared.wavPath);
    expect(Math.abs(lufs - targetLufs)).toBeLessThanOrEqual(1);
    expect(truePeak).toBeLessThanOrEqual(-1);
    expect(prepared.seconds).toBeGreaterThanOrEqual(1);
    expect(Math.round(prepared.seconds * sampleRate * 2)).toBe(
      statSync(prepared.wavPath).size - 44,
    );
  });
});

test('the loudness is the one that is configured', async () => {
  const softer = createVoice({ cacheFolder, recordingsFolder, targetLufs: -23 });
  const prepared = await softer.prepare({ kind: 'recording', name: 'loud' }, 16000);
  if (!prepared.ok) throw new Error(prepared.reason);
  expect(Math.abs(measured(prepared.wavPath).lufs + 23)).toBeLessThanOrEqual(1);
});

describe('the cache', () => {
  test('takes no more than its bytes: what was asked for longest ago goes', async () => {
    const own = join(folder, 'small-cache');
    const small = createVoice({ cacheFolder: own, cacheMegabytes: 0.15 });
    const paths: string[] = [];
    for (const text of ['甲乙丙丁', '子丑寅卯', '甲乙丙丁', '金木水火']) {
      const prepared = await small.prepare(speech(text), 16000);
      if (!prepared.ok) throw new Error(prepared.reason);
      paths.push(prepared.wavPath);
      // Files of the same millisecond have no order.
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const kept = readdirSync(own).map((name) => join(own, name));
    expect(kept).toContain(paths[0]);
    expect(kept).not.toContain(paths[1]);
    expect(kept).toContain(paths[3]);
    const bytes = kept.reduce((sum, path) => sum + statSync(path).size, 0);
    expect(bytes).toBeLessThanOrEqual(0.15 * 1024 * 1024);
    await small.stop();
  });
});

describe('the voice', () => {
  test('works on this machine', async () => {
    expect(await voice.start()).toEqual({ ok: true });
  });

  test('keeps the sound of a recording', async () => {
    const prepared = await voice.prepare({ kind: 'recording', name: 'loud' }, 8000);
    if (!prepared.ok) throw new Error(prepared.reason);
    const match = await matchEnvelopes(join(recordingsFolder, 'loud.mp3'), prepared.wavPath);
    expect(match.correlation).toBeGreaterThan(0.9);
  });

  test('prepares the same words once, also when asked twice at the same time', async () => {
    const before = readdirSync(cacheFolder).length;
    const [first, second] = await Promise.all([
      voice.prepare(speech('同一句话'), 8000),
      voice.prepare(speech('同一句话'), 8000),
    ]);
    const made = first.ok ? statSync(first.wavPath).ino : 0;
    expect(await voice.prepare(speech('同一句话'), 8000)).toEqual(first);
    expect(second).toEqual(first);
    // The same file: a sound that is made anew is another one.
    expect(first.ok ? statSync(first.wavPath).ino : 1).toBe(made);
    expect(readdirSync(cacheFolder)).toHaveLength(before + 1);
  });

  test('speaks the other language and the other text with another sound', async () => {
    const paths = await Promise.all(
      [speech('110', 'zh-CN'), speech('110', 'en'), speech('119', 'en')].map(async (wanted) => {
        const prepared = await voice.prepare(wanted, 8000);
        return prepared.ok ? prepared.wavPath : prepared.reason;
      }),
    );
    expect(new Set(paths).size).toBe(3);
  });

  test.each<[string, Announcement, string]>([
    [
      'a missing recording',
      { kind: 'recording', name: 'nowhere' },
      'put nowhere.wav or nowhere.mp3 into',
    ],
    [
      'a broken recording',
      { kind: 'recording', name: 'broken' },
      'the recording "broken" is not ready',
    ],
    ['a silent recording', { kind: 'recording', name: 'silent' }, 'it is silent'],
    ['a text with nothing to say', speech('！！'), 'it is silent'],
  ])('answers %s with the reason', async (_what, announcement, reason) => {
    expect(await voice.prepare(announcement, 8000)).toMatchObject({
      ok: false,
      reason: expect.stringContaining(reason),
    });
  });

  test('says which setting is missing when recordings have no folder', async () => {
    const without = createVoice({ cacheFolder });
    expect(await without.prepare({ kind: 'recording', name: 'loud' }, 8000)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('set recordingsFolder'),
    });
  });

  test('clears at its start what a crash left, and nothing else', async () => {
    const standing = readdirSync(cacheFolder);
    mkdirSync(join(cacheFolder, 'left-behind.part'));
    await createVoice({ cacheFolder }).start();
    expect(readdirSync(cacheFolder)).toEqual(standing);
  });

  test('leaves nothing half done when it is stopped in the middle', async () => {
    const own = join(folder, 'stopped');
    const stopped = createVoice({ cacheFolder: own });
    const asked = stopped.prepare(speech('这句话说不完'), 8000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await stopped.stop();
    expect(await asked).toMatchObject({ ok: false, reason: expect.stringContaining('stopped') });
    expect(readdirSync(own)).toEqual([]);
  });
});
