/**
 * One voice on several speakers: the lane's, the community's or the grid's. Each is opened by itself; the voice begins when
 * all have answered, or a moment after the first has, and whoever answers later joins. Letting go silences all of them.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { because, joinParts } from '../../contract/reason.ts';
import { resample } from './rtp/resample.ts';
import type { LiveStream, OpenedLive, Outcome, SampleRate } from './speaker.ts';

type ZoneVoice = Readonly<{
  name: string;
  /** An abort, before or after the opening, ends it. */
  open: (signal: AbortSignal) => Promise<OpenedLive>;
}>;

/** So long those that are there wait for those that still ring. */
const gatherMs = 1500;
const wideband: SampleRate = 16000;

type Part = {
  readonly name: string;
  readonly abort: AbortController;
  stream?: LiveStream;
  end?: Outcome | undefined;
};

export async function openZoneSpeech(
  voices: readonly ZoneVoice[],
  signal: AbortSignal,
  waitMs = gatherMs,
): Promise<OpenedLive> {
  const parts: readonly Part[] = voices.map(({ name }) => ({ name, abort: new AbortController() }));
  let firstOpen = (): void => undefined;
  const opensFirst = new Promise<void>((resolve) => {
    firstOpen = resolve;
  });
  const openings = parts.map((part, index) => open(part, voices[index], signal, firstOpen));
  const gathered = new AbortController();
  const patience = opensFirst.then(() => sleep(waitMs, undefined, { signal: gathered.signal }));
  await Promise.race([Promise.all(openings), patience.catch(() => undefined)]);
  gathered.abort();

  const silent = parts.filter(({ stream }) => stream === undefined);
  if (silent.length === parts.length) return refusedByAll(parts);
  return {
    ok: true,
    stream: together(parts, openings),
    ...(silent.length === 0 ? {} : { missing: silent.map(({ name }) => name) }),
  };
}

async function open(
  part: Part,
  voice: ZoneVoice | undefined,
  signal: AbortSignal,
  onOpen: () => void,
): Promise<void> {
  const opened = await voice?.open(AbortSignal.any([signal, part.abort.signal]));
  if (opened?.ok !== true) {
    part.end = opened?.refused ?? { kind: 'failed', reason: because('member-not-opened') };
    return;
  }
  part.stream = opened.stream;
  onOpen();
  // It was let go while this one still rang.
  if (part.abort.signal.aborted) void opened.stream.close();
}

function together(parts: readonly Part[], openings: readonly Promise<void>[]): LiveStream {
  const ended = Promise.all(
    parts.map(async (part, index) => {
      await openings[index];
      part.end ??= await part.stream?.ended;
    }),
  ).then(() => outcomeOf(parts));
  return {
    sampleRate: wideband,
    write: (samples) => {
      for (const { stream } of parts) stream?.write(resample(samples, wideband, stream.sampleRate));
    },
    close: () => {
      for (const { stream, abort } of parts) {
        if (stream === undefined) abort.abort();
        else void stream.close();
      }
      return ended;
    },
    ended,
  };
}

const proofs = ['sent', 'answered', 'played'] as const;

function outcomeOf(parts: readonly Part[]): Outcome {
  const kinds = parts.map(({ end }) => end?.kind);
  const failures = parts.filter(({ end }) => end !== undefined && 'reason' in end);
  if (failures.length > 0) return { kind: 'failed', reason: reasonOf(parts) };
  return { kind: proofs.find((proof) => kinds.includes(proof)) ?? 'stopped' };
}

function refusedByAll(parts: readonly Part[]): OpenedLive {
  const isBusy = parts.every(({ end }) => end?.kind === 'busy');
  const reason = parts.length === 0 ? because('zone-empty') : reasonOf(parts);
  return { ok: false, refused: { kind: isBusy ? 'busy' : 'failed', reason } };
}

function reasonOf(parts: readonly Part[]): string {
  const failures = parts.flatMap(({ name, end }) =>
    end !== undefined && 'reason' in end ? [{ name, why: end.reason }] : [],
  );
  const counts = { silent: failures.length, all: parts.length };
  return because('zone-partly-silent', { ...counts, parts: joinParts(failures) }).slice(0, 2000);
}
