/** The port of speech synthesis: a program on this machine that reads a text aloud into a WAV file. */
import type { SpokenLanguage } from '../../../contract/voice.ts';

export type Speech = Readonly<{ ok: true }> | Readonly<{ ok: false; reason: string }>;

export type SpeechProvider = Readonly<{
  /** Answers with a sentence when it cannot speak on this machine. */
  check: () => Promise<Speech>;
  speaks: (language: SpokenLanguage) => boolean;
  /** Stands in the cache key: another voice or another reading is another sound. */
  version: (language: SpokenLanguage) => string;
  /** Writes a WAV of one channel; never rejects for a missing program. */
  speak: (
    text: string,
    language: SpokenLanguage,
    wavPath: string,
    signal: AbortSignal,
  ) => Promise<Speech>;
}>;
