/**
 * Operators' own voices: one holds a speaker, or all of a zone that nobody else holds, while the key is down; others are
 * told who. What was said is kept as a WAV when a folder is configured. A voice that falls silent without letting go, or goes on for ever, is ended.
 */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { because } from '../../contract/reason.ts';
import type { TalkView } from '../../contract/talk.ts';
import type { LiveStream, OpenedLive, Outcome } from './speaker.ts';
import { wavFile } from './voice/wav-file.ts';

type TalkEnd = Readonly<{ seconds: number; reason?: string; wavPath?: string }>;

type Talk = Readonly<{
  sampleRate: number;
  /** Samples at that rate, 20 ms at a time. */
  write: (samples: Int16Array) => void;
  /** Lets the speaker go; nothing is said after what was written. */
  release: () => void;
  /** Resolves when the speaker is free again. Never rejects. */
  ended: Promise<TalkEnd>;
}>;

type OpenedTalk =
  /** `missing`: speakers of a zone that do not hear it. */
  | Readonly<{ kind: 'open'; talk: Talk; missing?: readonly string[] }>
  | Readonly<{ kind: 'busy'; by: string }>
  | Readonly<{ kind: 'refused'; reason: string }>;

export type Talks = Readonly<{
  open: (speakerId: string, by: string) => Promise<OpenedTalk>;
  holders: () => readonly TalkView[];
}>;

type Parts = Readonly<{
  openLive: (speakerId: string, signal: AbortSignal) => Promise<OpenedLive>;
  /** The speaker itself, or those of a zone. */
  idsOf: (speakerId: string) => readonly string[];
  recordingsFolder?: string;
  logger: Logger;
  now: () => number;
}>;

/** Nothing came for so long: the console is gone. */
const silentMs = 1000;
const longestMs = 120_000;

export function createTalks(parts: Parts): Talks {
  const holders = new Map<string, TalkView>();
  return {
    open: async (speakerId, by) => {
      const holder = holders.get(speakerId);
      if (holder !== undefined) return { kind: 'busy', by: holder.by };
      const mine: TalkView = { speakerId, by, sinceMs: parts.now() };
      const free = hold(holders, mine, parts.idsOf(speakerId));
      const abort = new AbortController();
      try {
        const opened = await parts.openLive(speakerId, abort.signal);
        if (opened.ok) {
          const { stream, missing } = opened;
          const talk = talkOver(stream, mine, free, parts);
          return { kind: 'open', talk, ...(missing === undefined ? {} : { missing }) };
        }
        free();
        return { kind: 'refused', reason: opened.refused.reason };
      } catch (error) {
        free();
        return { kind: 'refused', reason: because('speaker-not-opened', { error: String(error) }) };
      }
    },
    holders: () => [...holders.values()],
  };
}

/** Answers with how it is let go. */
function hold(
  holders: Map<string, TalkView>,
  mine: TalkView,
  memberIds: readonly string[],
): () => void {
  const free = [mine.speakerId, ...memberIds].filter((id) => !holders.has(id));
  const held = new Map(free.map((speakerId) => [speakerId, { ...mine, speakerId }]));
  for (const [id, view] of held) holders.set(id, view);
  return () => {
    for (const [id, view] of held) if (holders.get(id) === view) holders.delete(id);
  };
}

function talkOver(stream: LiveStream, holder: TalkView, free: () => void, parts: Parts): Talk {
  const said: Int16Array[] = [];
  let reason: string | undefined;
  let released = false;
  const release = (why?: string): void => {
    if (released) return;
    released = true;
    reason = why;
    clearTimeout(silence);
    clearTimeout(longest);
    void stream.close();
  };
  let silence = setTimeout(() => release(because('console-silent')), silentMs * 5);
  const longest = setTimeout(() => release(because('spoke-too-long')), longestMs);

  const ended = stream.ended.then(async (outcome): Promise<TalkEnd> => {
    released = true;
    clearTimeout(silence);
    clearTimeout(longest);
    free();
    const samples = said.reduce((sum, part) => sum + part.length, 0);
    const why = reason ?? reasonOf(outcome);
    const wavPath = await keep(said, stream.sampleRate, holder, parts);
    return {
      seconds: Math.round((samples / stream.sampleRate) * 10) / 10,
      ...(why === undefined ? {} : { reason: why }),
      ...(wavPath === undefined ? {} : { wavPath }),
    };
  });
  return {
    sampleRate: stream.sampleRate,
    write: (samples) => {
      if (released) return;
      clearTimeout(silence);
      silence = setTimeout(() => release(because('console-silent')), silentMs);
      said.push(samples);
      stream.write(samples);
    },
    release: () => release(),
    ended,
  };
}

function reasonOf(outcome: Outcome): string | undefined {
  return 'reason' in outcome ? outcome.reason : undefined;
}

async function keep(
  said: readonly Int16Array[],
  sampleRate: number,
  { speakerId, sinceMs }: TalkView,
  { recordingsFolder, logger }: Parts,
): Promise<string | undefined> {
  if (recordingsFolder === undefined || said.length === 0) return undefined;
  const name = `${new Date(sinceMs).toISOString().replaceAll(':', '-')}_${speakerId}.wav`;
  const path = join(recordingsFolder, name);
  try {
    await mkdir(recordingsFolder, { recursive: true });
    await writeFile(path, wavFile({ sampleRate, samples: joined(said) }));
    return path;
  } catch (error) {
    logger.error({ path, reason: String(error) }, 'what an operator said could not be kept');
    return undefined;
  }
}

function joined(parts: readonly Int16Array[]): Int16Array {
  const samples = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    samples.set(part, at);
    at += part.length;
  }
  return samples;
}
