/**
 * From an announcement to sound that is ready to play: speech or a recording of the library, levelled, kept on disk
 * under the hash of everything that shapes it. The same words cost a second once, and nothing ever after.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Announcement } from '../../../contract/rule.ts';
import type { SampleRate } from '../speaker.ts';
import { chainVersion, level } from './loudness.ts';
import { checkSpeech, type Speech, speak, voiceVersion } from './text-to-speech.ts';

export type VoiceSettings = Readonly<{ cacheFolder: string; recordingsFolder?: string }>;

type PreparedSound =
  | Readonly<{ ok: true; wavPath: string; seconds: number }>
  | Readonly<{ ok: false; reason: string }>;

export type Voice = Readonly<{
  /** Makes the cache folder, clears what a crash left in it, and answers whether speech works here. */
  start: () => Promise<Speech>;
  /** Never rejects for a missing recording, program or disk: the answer is the reason. */
  prepare: (announcement: Announcement, sampleRate: SampleRate) => Promise<PreparedSound>;
  /** Ends what is being prepared. */
  stop: () => Promise<void>;
}>;

/** The sound before levelling: where it stands, and what tells it from others. */
type Source =
  | Readonly<{ ok: true; key: string; write: (wavPath: string) => Promise<Speech> }>
  | Readonly<{ ok: false; reason: string }>;

const recordingEndings = ['.wav', '.mp3'] as const;
const wavHeaderBytes = 44;

export function createVoice(settings: VoiceSettings): Voice {
  const stopping = new AbortController();
  /** Tells the unfinished work of this process from what an earlier one left behind. */
  const ownPrefix = randomUUID();
  const underWay = new Map<string, Promise<PreparedSound>>();

  const make = async (source: Source & { ok: true }, wavPath: string, sampleRate: SampleRate) => {
    const aside = join(settings.cacheFolder, `${ownPrefix}-${randomUUID()}.part`);
    await mkdir(aside, { recursive: true });
    try {
      const inputPath = join(aside, 'source');
      const outputPath = join(aside, 'levelled.wav');
      const written = await source.write(inputPath);
      if (!written.ok) return written;
      const levelled = await level({ inputPath, outputPath, sampleRate, signal: stopping.signal });
      if (!levelled.ok) return levelled;
      await rename(outputPath, wavPath);
      return prepared(wavPath, sampleRate);
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  };

  const prepare = async (announcement: Announcement, sampleRate: SampleRate) => {
    const source = await sourceOf(announcement, settings.recordingsFolder, stopping.signal);
    if (!source.ok) return source;
    const key = hash(`${chainVersion}\n${sampleRate}\n${source.key}`);
    const wavPath = join(settings.cacheFolder, `${key}.wav`);
    if (await exists(wavPath)) return prepared(wavPath, sampleRate);
    const standing = underWay.get(key);
    if (standing !== undefined) return standing;
    const making = make(source, wavPath, sampleRate).finally(() => underWay.delete(key));
    underWay.set(key, making);
    return making;
  };

  return {
    start: async () => {
      await clean(settings.cacheFolder, ownPrefix);
      return checkSpeech();
    },
    prepare: async (announcement, sampleRate) => {
      try {
        return named(announcement, await prepare(announcement, sampleRate));
      } catch (error) {
        return { ok: false, reason: `the sound could not be prepared: ${String(error)}` };
      }
    },
    stop: async () => {
      stopping.abort();
      await Promise.allSettled(underWay.values());
    },
  };
}

/** Leftovers of a crash; finished sounds stay. */
async function clean(cacheFolder: string, ownPrefix: string): Promise<void> {
  await mkdir(cacheFolder, { recursive: true });
  const leftovers = (await readdir(cacheFolder)).filter(
    (name) => name.endsWith('.part') && !name.startsWith(ownPrefix),
  );
  for (const name of leftovers) await rm(join(cacheFolder, name), { recursive: true, force: true });
}

async function sourceOf(
  announcement: Announcement,
  recordingsFolder: string | undefined,
  signal: AbortSignal,
): Promise<Source> {
  if (announcement.kind === 'speech') {
    const { text, language } = announcement;
    return {
      ok: true,
      key: `speech\n${voiceVersion(language)}\n${text}`,
      write: (wavPath) => speak(text, language, wavPath, signal),
    };
  }
  const path = await recordingPath(announcement.name, recordingsFolder);
  if (path === undefined) {
    return { ok: false, reason: missingRecording(announcement.name, recordingsFolder) };
  }
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

async function recordingPath(name: string, folder: string | undefined) {
  if (folder === undefined) return undefined;
  for (const ending of recordingEndings) {
    const path = join(folder, `${name}${ending}`);
    if (await exists(path)) return path;
  }
  return undefined;
}

function missingRecording(name: string, folder: string | undefined): string {
  return folder === undefined
    ? `there is no recording "${name}" because no recordings folder is configured; set recordingsFolder`
    : `there is no recording "${name}"; put ${name}.wav or ${name}.mp3 into ${folder}`;
}

function named(announcement: Announcement, sound: PreparedSound): PreparedSound {
  if (sound.ok) return sound;
  const what =
    announcement.kind === 'recording' ? `the recording "${announcement.name}"` : 'speech';
  return { ok: false, reason: `${what} is not ready: ${sound.reason}` };
}

async function prepared(wavPath: string, sampleRate: SampleRate): Promise<PreparedSound> {
  const { size } = await stat(wavPath);
  return { ok: true, wavPath, seconds: Math.max(0, size - wavHeaderBytes) / 2 / sampleRate };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function hash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
