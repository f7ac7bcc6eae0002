/** Where the sound of an announcement comes from before it is levelled: a synthesiser or a recording of the library. */

import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { because } from '../../../contract/reason.ts';
import type { Announcement } from '../../../contract/rule-response.ts';
import { espeak } from './espeak.ts';
import type { Recordings } from './recordings.ts';
import { createSherpaOnnx, type SherpaSettings } from './sherpa-onnx.ts';
import type { Speech, SpeechProvider } from './speech-provider.ts';

export type SourceOfSound = Readonly<{
  /** Tells the sound from all others. */
  key: string;
  write: (wavPath: string) => Promise<Speech>;
}>;

export type Source =
  | (SourceOfSound & Readonly<{ ok: true; otherwise?: Otherwise }>)
  | Readonly<{ ok: false; reason: string }>;

/** What is heard when nothing comes of the wanted sound, or not in time; `late` is told of the latter, and that it has come after all. */
type Otherwise = SourceOfSound & Readonly<{ late: (afterSeconds: number | undefined) => void }>;

export type SoundSources = Readonly<{
  /** Looks what can speak on this machine. */
  check: () => Promise<Speech>;
  /** What `check` found amiss, or what the wanted voice failed at last. */
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
  let lastFault: string | undefined;

  return {
    check: async () => {
      const answers = await Promise.all(providers.map((provider) => provider.check()));
      // A voice that does not work is left out: the street hears the next one, the operator reads why.
      providers = providers.filter((one, at) => one === espeak || answers[at]?.ok === true);
      const faults = answers.flatMap((answer) => (answer.ok ? [] : [answer.reason]));
      fault = faults.length === 0 ? undefined : faults.join('; ');
      return fault === undefined ? { ok: true } : { ok: false, reason: fault };
    },
    fault: () => fault ?? lastFault,
    of: async (announcement) =>
      announcement.kind === 'speech'
        ? speechSource(announcement, providers, sherpa?.modelFolder ?? '', signal, (reason) => {
            lastFault = reason;
          })
        : recordingSource(announcement.name, recordingsFolder, recordings),
  };
}

function speechSource(
  { text, language }: Announcement & { kind: 'speech' },
  providers: readonly SpeechProvider[],
  folder: string,
  signal: AbortSignal,
  tell: (fault: string | undefined) => void,
): Source {
  const spokenBy = (provider: SpeechProvider): SourceOfSound => ({
    key: `speech\n${provider.version(language)}\n${text}`,
    write: (wavPath) => provider.speak(text, language, wavPath, signal),
  });
  const wanted = providers.find((one) => one.speaks(language)) ?? espeak;
  if (wanted === espeak) return { ok: true, ...spokenBy(espeak) };
  const { key, write } = spokenBy(wanted);
  return {
    ok: true,
    key,
    write: async (wavPath) => {
      const end = await write(wavPath);
      if (!signal.aborted) tell(end.ok ? undefined : end.reason);
      return end;
    },
    otherwise: {
      ...spokenBy(espeak),
      late: (seconds) =>
        tell(seconds === undefined ? undefined : because('speech-model-slow', { folder, seconds })),
    },
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
