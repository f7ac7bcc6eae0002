/** What the speech process of the library does not do of its own accord: it hangs, dies, or is not wanted any more. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { childrenOf } from '../../../testing/processes.ts';
import { writeToneVoice } from '../../../testing/tone-voice.ts';
import { createSherpaOnnx } from './sherpa-onnx.ts';
import { createVoice } from './voice.ts';
import { readWav } from './wav-file.ts';

const patient = { timeout: 30_000, interval: 5 };
const folder = mkdtempSync(join(tmpdir(), 'sherpa-faults-'));
const modelFolder = join(folder, 'model');
writeToneVoice(modelFolder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const settings = { modelFolder, language: 'zh-CN' } as const;
const never = new AbortController().signal;
const wavPath = join(folder, 'sound.wav');
const speaking = () =>
  childrenOf(process.pid).filter(({ commandLine }) => commandLine.includes('sherpa-process'));

/** Does it to the process as soon as it is there, before it can say anything. */
async function toTheProcess(signal: NodeJS.Signals): Promise<number> {
  const [found] = await vi.waitUntil(() => {
    const there = speaking();
    return there.length > 0 ? there : undefined;
  }, patient);
  if (found === undefined) throw new Error('no process');
  process.kill(found.pid, signal);
  return found.pid;
}

test('a process that hangs is ended when nobody wants it any more, and the next text is spoken', async () => {
  const sherpa = createSherpaOnnx(settings);
  const abort = new AbortController();
  const hung = sherpa.speak('请走开', 'zh-CN', wavPath, abort.signal);
  const next = sherpa.speak('走开', 'zh-CN', wavPath, never);
  await toTheProcess('SIGSTOP');
  abort.abort();
  expect(await hung).toMatchObject({ ok: false, reason: expect.stringContaining('was stopped') });
  expect(await next).toEqual({ ok: true });
  expect(readWav(readFileSync(wavPath)).samples.length / 16_000).toBeGreaterThan(0);
  expect(speaking()).toEqual([]);
});

test('a process that hangs is ended when its time is over', async () => {
  const sherpa = createSherpaOnnx(settings, { speakMs: 500, checkMs: 30_000 });
  const hung = sherpa.speak('请走开', 'zh-CN', wavPath, never);
  await toTheProcess('SIGSTOP');
  expect(await hung).toEqual({
    ok: false,
    reason: `the speech model in ${modelFolder} does not speak: sherpa-onnx did not finish in time`,
  });
  expect(speaking()).toEqual([]);
});

const text = { kind: 'speech', language: 'zh-CN' } as const;
const longer = { ...text, text: '请走开'.repeat(5) };

test('when the process dies espeak-ng speaks, the operator reads it, and the next time the model speaks again', async () => {
  const voice = createVoice({ cacheFolder: join(folder, 'died'), sherpa: settings });
  const prepared = voice.prepare(longer, 16_000);
  await toTheProcess('SIGKILL');
  const sound = await prepared;
  // The model takes a tenth of a second for a word, espeak-ng twice as long.
  expect(sound).toMatchObject({ ok: true });
  expect(sound.ok && sound.seconds).toBeGreaterThan(2);
  expect(voice.speechFault()).toContain('does not speak: sherpa-onnx ended with SIGKILL');
  const again = await voice.prepare(longer, 16_000);
  expect(again).toMatchObject({ ok: true, seconds: expect.closeTo(1.5, 1) });
  expect(voice.speechFault()).toBeUndefined();
  await voice.stop();
});

test('an alarm does not wait for a process that hangs: espeak-ng speaks, and the operator reads it', async () => {
  const voice = createVoice({
    ...{ cacheFolder: join(folder, 'slow'), sherpa: settings, wantedWithinMs: 600 },
  });
  const prepared = voice.prepare(longer, 16_000);
  const pid = await toTheProcess('SIGSTOP');
  const sound = await prepared;
  expect(sound.ok && sound.seconds).toBeGreaterThan(2);
  expect(voice.speechFault()).toContain('was not ready within 0.6 s, so espeak-ng spoke');
  process.kill(pid, 'SIGCONT');
  await vi.waitFor(
    async () =>
      expect(await voice.prepare(longer, 16_000)).toMatchObject({
        seconds: expect.closeTo(1.5, 1),
      }),
    patient,
  );
  expect(voice.speechFault()).toBeUndefined();
  await voice.stop();
});

test('a process that hangs until there is no place for its sound any more takes nothing else with it', async () => {
  const cacheFolder = join(folder, 'gone');
  const parts = { cacheFolder, sherpa: settings, wantedWithinMs: 300 };
  const voice = createVoice(parts);
  const prepared = voice.prepare(longer, 16_000);
  const pid = await toTheProcess('SIGSTOP');
  expect(await prepared).toMatchObject({ ok: true });
  // Neither a folder nor a way to make one.
  rmSync(cacheFolder, { recursive: true });
  writeFileSync(cacheFolder, '');
  process.kill(pid, 'SIGCONT');
  await vi.waitFor(() => expect(speaking()).toEqual([]), patient);
  await voice.stop();
});
