/** The way to sherpa-onnx: what it is called with, and what is said when it or its model is not there. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createVoice } from './voice.ts';

const folder = mkdtempSync(join(tmpdir(), 'sherpa-'));
const modelFolder = join(folder, 'model');
const program = join(folder, 'offline-tts');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

mkdirSync(modelFolder);
for (const name of ['vits.onnx', 'tokens.txt', 'lexicon.txt', 'number.fst'])
  writeFileSync(join(modelFolder, name), Buffer.from([0x08]));
const pointerFolder = join(folder, 'pointer');
mkdirSync(pointerFolder);
writeFileSync(join(pointerFolder, 'vits.onnx'), 'version https://git-lfs.github.com/spec/v1\n');
writeFileSync(join(pointerFolder, 'tokens.txt'), 'a 1\n');
// In the place of the program, which no package brings: it keeps its arguments and makes a tone.
writeFileSync(
  program,
  `#!/bin/sh
for word in "$@"; do echo "$word" >> ${folder}/called; case "$word" in --output-filename=*) out=\${word#*=};; esac; done
[ -z "$out" ] || ffmpeg -v error -y -f lavfi -i "aevalsrc=0.3*sin(500*t):d=2" -f wav "$out"
`,
);
chmodSync(program, 0o755);

const text = { kind: 'speech', text: '--请拨打110', language: 'zh-CN' } as const;
const voiceWith = (sherpa: Readonly<{ modelFolder: string; program?: string }>) =>
  createVoice({ cacheFolder: join(folder, 'cache'), sherpa: { language: 'zh-CN', ...sherpa } });

describe('sherpa-onnx', () => {
  test('speaks its language by its model, with numbers written as they are read', async () => {
    const voice = voiceWith({ modelFolder, program });
    expect(await voice.start()).toEqual({ ok: true });
    expect(await voice.prepare(text, 16000)).toMatchObject({ ok: true });
    const called = readFileSync(join(folder, 'called'), 'utf8').trim().split('\n');
    expect(called).toEqual(
      expect.arrayContaining([
        `--vits-model=${join(modelFolder, 'vits.onnx')}`,
        `--vits-tokens=${join(modelFolder, 'tokens.txt')}`,
        `--vits-lexicon=${join(modelFolder, 'lexicon.txt')}`,
        `--tts-rule-fsts=${join(modelFolder, 'number.fst')}`,
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

  test.each([
    ['the folder is not there', { modelFolder: join(folder, 'no'), program }, 'cannot be read'],
    ['the folder is empty', { modelFolder: join(folder, 'cache'), program }, 'has 0 .onnx files'],
    ['the model is none', { modelFolder: pointerFolder, program }, 'no ONNX model in vits.onnx'],
    ['the program is missing', { modelFolder, program: 'no-such-tts' }, 'no-such-tts is missing'],
  ])('says at the start that %s, and espeak-ng speaks', async (_what, settings, reason) => {
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
