/**
 * From an announcement to sound that is ready to play: speech or a recording of the library, levelled, kept on disk
 * under the hash of everything that shapes it. The same words cost a second once, and nothing ever after.
 */

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { because } from '../../../contract/reason.ts';
import type { Announcement } from '../../../contract/rule-response.ts';
import type { SampleRate } from '../speaker.ts';
import { chainVersion, defaultTargetLufs, level } from './loudness.ts';
import { createRecordings, type Recordings } from './recordings.ts';
import type { SherpaSettings } from './sherpa-onnx.ts';
import { createSoundCache } from './sound-cache.ts';
import { createSoundSources, hash, type Source, type SourceOfSound } from './sound-source.ts';
import type { Speech } from './speech-provider.ts';

export type VoiceSettings = Readonly<{
  /** Where prepared sound is kept; may be emptied at any time. */
  cacheFolder: string;
  /** The library of recordings, `<name>.wav` or `<name>.mp3`. */
  recordingsFolder?: string;
  /** LUFS of every announcement; the default is -16. */
  targetLufs?: number;
  /** What the cache may take on the disk; the default is 200 MB. */
  cacheMegabytes?: number;
  sherpa?: SherpaSettings;
  /** So long the wanted voice is waited for before espeak-ng speaks; the default is 8 s of the 30 that an announcement is fresh. */
  wantedWithinMs?: number;
}>;

type PreparedSound =
  | Readonly<{ ok: true; wavPath: string; seconds: number }>
  | Readonly<{ ok: false; reason: string }>;

export type Voice = Readonly<{
  /** Makes the cache folder, clears what a crash left in it, and answers whether speech works here. */
  start: () => Promise<Speech>;
  /** Never rejects for a missing recording, program or disk: the answer is the reason. */
  prepare: (announcement: Announcement, sampleRate: SampleRate) => Promise<PreparedSound>;
  recordings: Recordings;
  /** What `start` found, or what the wanted voice failed at last; undefined while speech is well or was not looked at yet. */
  speechFault: () => string | undefined;
  /** Ends what is being prepared. */
  stop: () => Promise<void>;
}>;

const defaultCacheMegabytes = 200;
const defaultWantedWithinMs = 8000;
const wavHeaderBytes = 44;

export function createVoice(settings: VoiceSettings): Voice {
  const stopping = new AbortController();
  const { signal } = stopping;
  const parts = { ...settings, signal };
  const { targetLufs = defaultTargetLufs } = settings;
  const { cacheFolder, recordingsFolder, cacheMegabytes = defaultCacheMegabytes } = settings;
  const cache = createSoundCache(cacheFolder, cacheMegabytes * 1024 * 1024);
  const recordings = createRecordings(recordingsFolder ?? join(cacheFolder, 'recordings'), signal);
  const sources = createSoundSources({ ...parts, recordings });
  const underWay = new Map<string, Promise<PreparedSound>>();

  const make = async (
    key: string,
    source: SourceOfSound,
    sampleRate: SampleRate,
  ): Promise<PreparedSound> => {
    const made = await cache.make(key, async (aside) => {
      const inputPath = join(aside, 'source');
      const outputPath = join(aside, 'levelled.wav');
      const written = await source.write(inputPath);
      if (!written.ok) return written;
      const levelled = await level({ inputPath, outputPath, sampleRate, targetLufs, signal });
      return levelled.ok ? ({ ok: true, path: outputPath } as const) : levelled;
    });
    return made.ok ? prepared(made.path, sampleRate) : made;
  };

  const prepareFrom = async (source: SourceOfSound, sampleRate: SampleRate) => {
    const key = hash(`${chainVersion}\n${targetLufs}\n${sampleRate}\n${source.key}`);
    const standing = underWay.get(key);
    if (standing !== undefined) return standing;
    const making = (async () => {
      const found = await cache.find(key);
      if (found !== undefined) return prepared(found, sampleRate);
      return make(key, source, sampleRate);
    })().finally(() => underWay.delete(key));
    underWay.set(key, making);
    return making;
  };

  return {
    start: async () => {
      await cache.start();
      return sources.check();
    },
    prepare: async (announcement, sampleRate) => {
      try {
        const source = await sources.of(announcement);
        const sound = await firstReady(source, parts, (one) => prepareFrom(one, sampleRate));
        return named(announcement, sound);
      } catch (error) {
        return { ok: false, reason: because('sound-not-made', { error: String(error) }) };
      }
    },
    recordings,
    speechFault: sources.fault,
    stop: async () => {
      stopping.abort();
      await Promise.allSettled(underWay.values());
    },
  };
}

/** What is late goes on being prepared: the next time it is there. */
async function firstReady(
  source: Source,
  {
    signal,
    wantedWithinMs = defaultWantedWithinMs,
  }: Readonly<{ signal: AbortSignal; wantedWithinMs?: number }>,
  prepare: (source: SourceOfSound) => Promise<PreparedSound>,
): Promise<PreparedSound> {
  if (!source.ok) return source;
  const { otherwise } = source;
  const wanted = prepare(source);
  if (otherwise === undefined) return wanted;
  const inTime = new AbortController();
  const patience = sleep(wantedWithinMs, 'late' as const, { signal: inTime.signal });
  const sound = await Promise.race([wanted, patience]);
  inTime.abort();
  if (sound !== 'late') {
    if (sound.ok || signal.aborted) return sound;
  } else {
    otherwise.late(wantedWithinMs / 1000);
    // What fails after that has been told already.
    wanted.then(({ ok }) => (ok ? otherwise.late(undefined) : undefined)).catch(() => undefined);
  }
  // A warning in another voice is better than none.
  return prepare(otherwise);
}

function named(announcement: Announcement, sound: PreparedSound): PreparedSound {
  if (sound.ok) return sound;
  const what = sound.reason;
  const reason =
    announcement.kind === 'recording'
      ? because('recording-not-ready', { name: announcement.name, what })
      : because('speech-not-ready', { what });
  return { ok: false, reason };
}

async function prepared(wavPath: string, sampleRate: SampleRate): Promise<PreparedSound> {
  const { size } = await stat(wavPath);
  return { ok: true, wavPath, seconds: Math.max(0, size - wavHeaderBytes) / 2 / sampleRate };
}
