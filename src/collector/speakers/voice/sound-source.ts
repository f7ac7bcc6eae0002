/** Where the sound of an announcement comes from before it is levelled: a synthesiser or a recording of the library. */

import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { because } from '../../../contract/reason.ts';
import type { Announcement } from '../../../contract/rule-response.ts';
import { espeak } from './espeak.ts';
import type { Recordings } from './recordings.ts';
import { createSherpaOnnx, type SherpaSettings } from './sherpa-onnx.ts';
import type { Speech, SpeechProvider } from './speech-provider.ts';

/** `key` tells the sound from all others. */
export type Source =
  | Readonly<{ ok: true; key: string; write: (wavPath: string) => Promise<Speech> }>
  | Readonly<{ ok: false; reason: string }>;

export type SoundSources = Readonly<{
  /** Looks what can speak on this machine. */
  check: () => Promise<Speech>;
  /** What `check` found amiss. */
  fault: () => string | undefined;
  of: (announcement: Announcement) => Promise<Source>;
}>;

type Parts = Readonly<{
  sherpa?: SherpaSettings;
  recordingsFolder?: string;
  recordings: Recordings;
  signal: AbortSignal;
}>;

export function createSoundSources({
  sherpa,
  recordingsFolder,
  recordings,
  signal,
}: Parts): SoundSources {
  /** The wanted first; espeak-ng speaks what no other does. */
  let providers = sherpa === undefined ? [espeak] : [createSherpaOnnx(sherpa), espeak];
  let fault: string | undefined;

  return {
    check: async () => {
      const answers = await Promise.all(providers.map((provider) => provider.check()));
      // A voice that does not work is left out: the street hears the next one, the operator reads why.
      providers = providers.filter((one, at) => one === espeak || answers[at]?.ok === true);
      const faults = answers.flatMap((answer) => (answer.ok ? [] : [answer.reason]));
      fault = faults.length === 0 ? undefined : faults.join('; ');
      return fault === undefined ? { ok: true } : { ok: false, reason: fault };
    },
    fault: () => fault,
    of: async (announcement) =>
      announcement.kind === 'speech'
        ? speechSource(announcement, providers, signal)
        : recordingSource(announcement.name, recordingsFolder, recordings),
  };
}

function speechSource(
  { text, language }: Announcement & { kind: 'speech' },
  providers: readonly SpeechProvider[],
  signal: AbortSignal,
): Source {
  const provider = providers.find((one) => one.speaks(language)) ?? espeak;
  return {
    ok: true,
    key: `speech\n${provider.version(language)}\n${text}`,
    write: (wavPath) => provider.speak(text, language, wavPath, signal),
  };
}

async function recordingSource(
  name: string,
  folder: string | undefined,
  recordings: Recordings,
): Promise<Source> {
  const path = await recordings.path(name);
  if (path === undefined) return { ok: false, reason: missingRecording(name, folder) };
  // Read once, so that the key and the sound are of the same file also when it is being replaced.
  const bytes = await readFile(path);
  return {
    ok: true,
    key: `recording\n${hash(bytes)}`,
    write: async (wavPath) => {
      await writeFile(wavPath, bytes);
      return { ok: true };
    },
  };
}

function missingRecording(name: string, folder: string | undefined): string {
  return folder === undefined
    ? because('recordings-off', { name })
    : because('recording-missing', { name, folder });
}

export function hash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
