/**
 * Watches that no event gets lost on its way without a word. A hole in an edge's numbers that stays open is asked for; what
 * the edge has not got any more is told to the operator as lost, with a count. Numbers that an edge gave twice, as after
 * its disk was put back to an older copy, are told too, and the edge is moved above them.
 */
import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import {
  type Command,
  furthestMove,
  type MissingEvents,
  mostRanges,
  type SequenceRange,
} from '../contract/edge-report.ts';
import type { RuleEvent } from '../contract/rule-event.ts';
import { madeHereBegin } from './edge-message.ts';
import type { Store } from './store/store.ts';

export type GapWatch = Readonly<{
  start: () => void;
  stop: () => Promise<void>;
  /** Called with what has just been filed. */
  filed: (events: readonly RuleEvent[]) => Promise<void>;
  /** What an edge has not got of what it was asked for. */
  answered: (answer: MissingEvents) => Promise<void>;
}>;

type GapSettings = Readonly<{
  /** A hole younger than this may still be filled by itself. */
  graceMs: number;
  checkEveryMs: number;
}>;

const defaultGapSettings: GapSettings = { graceMs: 60_000, checkEveryMs: 10_000 };

/** An edge that is there and does not answer so many times has not got them. */
const mostQuestions = 3;

type Parts = Readonly<{
  store: Pick<
    Store,
    'sequenceHoles' | 'settleSequences' | 'repeatedSequences' | 'highestSequence' | 'edges'
  >;
  sendCommand: (edgeId: string, command: Command) => void;
  /** Files what this watch has to say, as if it came from the edge. */
  fileEvents: (events: readonly RuleEvent[]) => Promise<void>;
  logger: Logger;
  now: () => number;
  settings?: GapSettings;
}>;

export function createGapWatch(parts: Parts): GapWatch {
  const { store, logger } = parts;
  const { checkEveryMs } = parts.settings ?? defaultGapSettings;
  const questions = createQuestions(parts);
  /** Edges that may have holes: all of them at first, then those that sent something. */
  let stirred: Set<string> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let checking: Promise<void> | undefined;

  const check = async (): Promise<void> => {
    const edges = await store.edges();
    const online = new Set(edges.flatMap((edge) => (edge.online ? [edge.edgeId] : [])));
    stirred ??= new Set(edges.map(({ edgeId }) => edgeId));
    for (const edgeId of [...stirred]) {
      stirred.delete(edgeId);
      const holes = await store.sequenceHoles(edgeId);
      if (holes.length === 0) questions.forget(edgeId);
      else stirred.add(edgeId);
      if (online.has(edgeId)) await questions.ask(edgeId, holes);
    }
  };
  const tick = (): void => {
    checking ??= check()
      .catch((error: unknown) =>
        logger.error({ reason: String(error) }, 'sequence numbers could not be checked'),
      )
      .finally(() => {
        checking = undefined;
      });
  };

  return {
    start: () => {
      timer = setInterval(tick, checkEveryMs);
    },
    stop: async () => {
      clearInterval(timer);
      await checking;
    },
    filed: async (events) => {
      for (const edgeId of new Set(events.map((event) => event.edgeId))) {
        stirred?.add(edgeId);
        await tellRepeated(parts, edgeId, events);
      }
    },
    answered: async ({ edgeId, missing }) => {
      const asked = questions.asked(edgeId);
      const within = missing.flatMap((range) =>
        asked.flatMap((hole) => overlap(range, hole).map((part) => ({ ...part, why: range.why }))),
      );
      await declareLost(
        parts,
        edgeId,
        within.filter(({ why }) => why === 'not-there'),
      );
      await store.settleSequences(edgeId, within);
    },
  };
}

type Hole = SequenceRange & Readonly<{ sinceMs: number }>;
type Question = Readonly<{ range: SequenceRange; times: number; askedAtMs: number }>;

/** What each edge has been asked for, and how often. */
function createQuestions(parts: Parts) {
  const { store, sendCommand, now } = parts;
  const { graceMs } = parts.settings ?? defaultGapSettings;
  const open = new Map<string, Map<string, Question>>();
  return {
    forget: (edgeId: string): void => void open.delete(edgeId),
    asked: (edgeId: string): readonly SequenceRange[] =>
      [...(open.get(edgeId)?.values() ?? [])].map(({ range }) => range),
    ask: async (edgeId: string, holes: readonly Hole[]): Promise<void> => {
      const nowMs = now();
      const known = open.get(edgeId) ?? new Map<string, Question>();
      const due = holes
        .filter(({ sinceMs }) => nowMs - sinceMs >= graceMs)
        .slice(0, mostRanges)
        .map(({ first, last }) => ({ range: { first, last }, ...known.get(`${first}-${last}`) }))
        .map(({ times = 0, askedAtMs = 0, range }) => ({ times, askedAtMs, range }));
      const silent = due.filter(
        ({ times, askedAtMs }) => times >= mostQuestions && nowMs - askedAtMs >= graceMs,
      );
      const ranges = due.filter(
        ({ times, askedAtMs }) => times < mostQuestions && nowMs - askedAtMs >= graceMs,
      );
      open.set(
        edgeId,
        new Map(
          due.map((question) => [
            `${question.range.first}-${question.range.last}`,
            ranges.includes(question)
              ? { range: question.range, times: question.times + 1, askedAtMs: nowMs }
              : question,
          ]),
        ),
      );
      if (ranges.length > 0)
        sendCommand(edgeId, { kind: 'resend-events', ranges: ranges.map(({ range }) => range) });
      const lost = silent.map(({ range }) => range);
      await declareLost(parts, edgeId, lost);
      await store.settleSequences(edgeId, lost);
    },
  };
}

/** What is before the first event that this centre has ever had of an edge was for another centre. */
async function declareLost(
  { fileEvents, logger, now }: Parts,
  edgeId: string,
  ranges: readonly SequenceRange[],
): Promise<void> {
  const lost = ranges.filter(({ first }) => first > 1).sort((a, b) => a.first - b.first);
  const [earliest] = lost;
  const latest = lost.at(-1);
  if (earliest === undefined || latest === undefined) return;
  const count = lost.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const told = { count, firstSequence: earliest.first, lastSequence: latest.last };
  logger.error({ edgeId, ...told }, 'events are lost');
  const key = lost.map(({ first, last }) => `${first}-${last}`).join();
  await fileEvents([
    { kind: 'events-lost', ...ofEdge(edgeId, earliest.first, key, now()), ...told },
  ]);
}

async function tellRepeated(
  { store, sendCommand, fileEvents, logger, now }: Parts,
  edgeId: string,
  events: readonly RuleEvent[],
): Promise<void> {
  const sequences = events.flatMap((event) => (event.edgeId === edgeId ? [event.sequence] : []));
  const repeated = await store.repeatedSequences(edgeId, sequences);
  const [first] = repeated;
  const last = repeated.at(-1);
  if (first === undefined || last === undefined) return;
  const told = { count: repeated.length, firstSequence: first, lastSequence: last };
  logger.error({ edgeId, ...told }, 'an edge gave numbers twice; all events are kept');
  const key = repeated.join();
  await fileEvents([{ kind: 'sequence-repeated', ...ofEdge(edgeId, first, key, now()), ...told }]);
  const highest = await store.highestSequence(edgeId);
  sendCommand(edgeId, { kind: 'number-above', sequence: Math.min(highest, furthestMove) });
}

/** The same story gives the same id, so that it is filed once, whoever tells it how often. */
function ofEdge(edgeId: string, sequence: number, story: string, nowMs: number) {
  const digest = createHash('sha256').update(`${edgeId}/${story}`).digest('hex');
  const part = (from: number, length: number): string => digest.slice(from, from + length);
  const [time, rest] = [`${madeHereBegin}${part(1, 7)}`, `8${part(15, 3)}-${part(18, 12)}`];
  const eventId = `${time}-${part(8, 4)}-7${part(12, 3)}-${rest}`;
  return {
    schemaVersion: 1 as const,
    eventId,
    edgeId,
    cameraId: edgeId,
    sequence,
    capturedAtMs: nowMs,
    mediaTimeMs: 0,
    historical: false,
  };
}

function overlap(a: SequenceRange, b: SequenceRange): readonly SequenceRange[] {
  const [first, last] = [Math.max(a.first, b.first), Math.min(a.last, b.last)];
  return first <= last ? [{ first, last }] : [];
}
