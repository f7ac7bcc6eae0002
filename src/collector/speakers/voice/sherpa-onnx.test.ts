/** Speech by sherpa-onnx: the installed library with a model of tones, and a program of one's own in its place. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { toneVoice, writePiperVoice, writeToneVoice } from '../../../testing/tone-voice.ts';
import { runProgram } from '../child-program.ts';
import { createSherpaOnnx } from './sherpa-onnx.ts';
import { createVoice } from './voice.ts';
import { readWav } from './wav-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'sherpa-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const modelFolder = join(folder, 'model');
writeToneVoice(modelFolder);
const changedModel = (name: string, change: (model: string) => void): string => {
  const changed = join(folder, name);
  writeToneVoice(changed);
  change(changed);
  return changed;
};

const text = { kind: 'speech', text: '--请拨打110', language: 'zh-CN' } as const;
type Settings = Readonly<{ modelFolder: string; program?: string; speakerNumber?: number }>;
const voiceWith = (sherpa: Settings) =>
  createVoice({ cacheFolder: join(folder, 'cache'), sherpa: { language: 'zh-CN', ...sherpa } });

let sounds = 0;
async function spoken(words: string, settings: Partial<Settings> = {}) {
  sounds += 1;
  const wavPath = join(folder, `sound-${sounds}.wav`);
  const sherpa = createSherpaOnnx({ modelFolder, language: 'zh-CN', ...settings });
  expect(await sherpa.speak(words, 'zh-CN', wavPath, new AbortController().signal)).toEqual({
    ok: true,
  });
  const { sampleRate, samples } = readWav(readFileSync(wavPath));
  return { sampleRate, samples, seconds: samples.length / sampleRate };
}

/** How often the wave goes up through nought within the given tenth of a second, per second. */
function hertz(samples: Int16Array, tenth: number): number {
  const length = toneVoice.sampleRate * toneVoice.tokenSeconds;
  const part = samples.slice(tenth * length, (tenth + 1) * length);
  // The tone begins at nought itself.
  return part.filter((sample, at) => (part[at - 1] ?? -1) < 0 && sample >= 0).length / 0.1;
}

describe('the installed sherpa-onnx', () => {
  test('speaks every word of the text at the sample rate of the model', async () => {
    const { sampleRate, samples, seconds } = await spoken('请走开');
    expect(sampleRate).toBe(toneVoice.sampleRate);
    expect(seconds).toBeCloseTo(0.3, 3);
    expect([0, 1, 2].map((tenth) => hertz(samples, tenth))).toEqual(
      [1, 2, 3].map((token) => toneVoice.tone(token, 0)),
    );
    const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    expect(loudest / 32_767).toBeCloseTo(0.3, 2);
  });

  test('speaks a long text, also when it begins like an option', async () => {
    const { seconds } = await spoken(`--请${'走开'.repeat(150)}`);
    expect(seconds).toBeCloseTo(30.1, 1);
  });

  test('speaks with the voice that is asked for', async () => {
    const { samples } = await spoken('请', { speakerNumber: 2 });
    expect(hertz(samples, 0)).toBe(toneVoice.tone(1, 2));
  });

  const [, version = '', data = ''] =
    /([\d.]+) +Data at: (\S+)/.exec(execFileSync('espeak-ng', ['--version']).toString()) ?? [];
  // The library holds espeak-ng 1.51 and reads data of that format; models bring theirs along.
  test.runIf(version.startsWith('1.51'))('speaks by a model that reads by espeak-ng', async () => {
    const piper = join(folder, 'piper');
    writePiperVoice(piper, data);
    const short = await spoken('请走开', { modelFolder: piper });
    const long = await spoken('请走开请走开', { modelFolder: piper });
    expect(short.seconds).toBeGreaterThan(1);
    expect(long.seconds).toBeGreaterThan(1.5 * short.seconds);
  });

  test('is what is heard: levelled and kept as every announcement', async () => {
    const voice = voiceWith({ modelFolder });
    expect(await voice.start()).toEqual({ ok: true });
    expect(voice.speechFault()).toBeUndefined();
    const sound = await voice.prepare({ ...text, text: '请走开'.repeat(5) }, 16_000);
    // espeak-ng would take twice as long for it.
    expect(sound).toMatchObject({ ok: true, seconds: expect.closeTo(1.5, 1) });
    await voice.stop();
  });

  test('says so when the model knows no word of the text, and espeak-ng speaks it', async () => {
    const voice = voiceWith({ modelFolder });
    await voice.start();
    expect(await voice.prepare({ ...text, text: '猫' }, 16_000)).toMatchObject({ ok: true });
    expect(voice.speechFault()).toContain('made no sound of the text');
    // Until it speaks again.
    expect(await voice.prepare({ ...text, text: '开走'.repeat(8) }, 16_000)).toMatchObject({
      ok: true,
      seconds: expect.closeTo(1.6, 1),
    });
    expect(voice.speechFault()).toBeUndefined();
    await voice.stop();
  });

  test('says which package is missing where it is not installed', async () => {
    const bare = join(folder, 'bare');
    const place = 'collector/speakers/voice';
    for (const file of [`${place}/sherpa-process.ts`, `${place}/wav-file.ts`, 'contract'])
      cpSync(join(import.meta.dirname, '../../..', file), join(bare, file), { recursive: true });
    writeFileSync(join(bare, 'package.json'), '{ "type": "module" }');
    const run = {
      program: process.execPath,
      args: [join(bare, place, 'sherpa-process.ts')],
      input: '{}',
    };
    expect(await runProgram(run)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('the npm package sherpa-onnx-node is not installed'),
    });
  });
});

// In the place of a program of one's own: it keeps its arguments and makes a tone.
const program = join(folder, 'offline-tts');
writeFileSync(
  program,
  `#!/bin/sh
for word in "$@"; do echo "$word" >> ${folder}/called; case "$word" in --output-filename=*) out=\${word#*=};; esac; done
[ -z "$out" ] || ffmpeg -v error -y -f lavfi -i "aevalsrc=0.3*sin(500*t):d=2" -f wav "$out"
`,
);
chmodSync(program, 0o755);

describe('a program of one’s own', () => {
  test('is called with the files of the model and the text, telephone numbers read first', async () => {
    const ruled = changedModel('ruled', (model) => {
      for (const name of ['new_heteronym', 'date', 'number', 'phone'])
        writeFileSync(join(model, `${name}.fst`), '');
    });
    const voice = voiceWith({ modelFolder: ruled, program });
    expect(await voice.start()).toEqual({ ok: true });
    expect(await voice.prepare(text, 16000)).toMatchObject({ ok: true });
    const called = readFileSync(join(folder, 'called'), 'utf8').trim().split('\n');
    const rules = ['phone', 'date', 'number', 'new_heteronym'].map((name) =>
      join(ruled, `${name}.fst`),
    );
    expect(called).toEqual(
      expect.arrayContaining([
        `--vits-model=${join(ruled, 'tones.onnx')}`,
        `--vits-tokens=${join(ruled, 'tokens.txt')}`,
        `--vits-lexicon=${join(ruled, 'lexicon.txt')}`,
        `--tts-rule-fsts=${rules.join(',')}`,
        '--sid=0',
      ]),
    );
    expect(called.slice(-2)).toEqual(['--', '--请拨打幺幺零']);
    await voice.stop();
  });

  test('leaves the other language to espeak-ng', async () => {
    const voice = voiceWith({ modelFolder, program });
    await voice.start();
    rmSync(join(folder, 'called'), { force: true });
    expect(
      await voice.prepare({ kind: 'speech', text: 'Move on', language: 'en' }, 16000),
    ).toMatchObject({ ok: true });
    expect(() => readFileSync(join(folder, 'called'))).toThrow();
    await voice.stop();
  });
});

const noSampleRate = join(folder, 'no-sample-rate');
writeToneVoice(noSampleRate, ['sample_rate']);
const broken = changedModel('broken', (model) =>
  writeFileSync(join(model, 'tones.onnx'), Buffer.from([0x08, 0xff, 0xff])),
);
const pointer = changedModel('pointer', (model) =>
  writeFileSync(join(model, 'tones.onnx'), 'version https://git-lfs.github.com/spec/v1\n'),
);
const empty = join(folder, 'empty');
mkdirSync(empty);

describe('what is wrong is told at the start, and espeak-ng speaks', () => {
  test.each([
    ['no folder', { modelFolder: join(folder, 'no') }, 'cannot be read'],
    ['an empty folder', { modelFolder: empty }, 'has 0 .onnx files'],
    ['a pointer', { modelFolder: pointer }, 'no ONNX model in tones.onnx'],
    [
      'a broken model',
      { modelFolder: broken },
      `${broken} does not speak: sherpa-onnx ended with SIGABRT`,
    ],
    [
      'no VITS model',
      { modelFolder: noSampleRate },
      "'sample_rate' does not exist in the metadata",
    ],
    ['no such voice', { modelFolder, speakerNumber: 3 }, 'numbered from 0 to 2'],
    ['no program', { modelFolder, program: 'no-such-tts' }, 'no-such-tts is missing'],
  ])('%s', async (_what, settings, reason) => {
    const voice = voiceWith(settings);
    expect(await voice.start()).toMatchObject({
      ok: false,
      reason: expect.stringContaining(reason),
    });
    expect(voice.speechFault()).toContain(reason);
    expect(await voice.prepare(text, 16000)).toMatchObject({ ok: true });
    await voice.stop();
  });
});
