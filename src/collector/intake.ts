/**
 * Takes what edges send: events are filed in batches, everything is acknowledged after its commit. What does not fit is
 * kept in quarantine with its reason. When the store fails nothing is acknowledged, and the edge sends it again.
 * Batches form by themselves: what arrives while one is being committed goes into the next.
 */
import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ClipPiece } from '../contract/clip-message.ts';
import type { Ack, ClipProgress, EdgeHealth, MissingEvents } from '../contract/edge-report.ts';
import type { RuleEvent } from '../contract/rule-event.ts';
import type { RuleReplayed } from '../contract/rule-replay.ts';
import { createArrivalClock } from './arrival-clock.ts';
import { readEdgeMessage } from './edge-message.ts';
import type { Store } from './store/store.ts';
import {
  type ClipMessage,
  createWaitingMessages,
  type RefusedMessage,
  type Round,
  type SnapshotMessage,
} from './waiting-messages.ts';

export type Intake = Readonly<{
  /** Returns at once; the work follows. */
  take: (topic: string, payload: Uint8Array) => void;
  /** For how long one piece of work has not come to its end; 0 while nothing waits. */
  stalledForMs: () => number;
  /**
   * Resolves when everything that has been taken is done, or the time is over: what is left then was not acknowledged and
   * comes again.
   */
  stop: (withinMs?: number) => Promise<void>;
}>;

type Parts = Readonly<{
  store: Pick<
    Store,
    'event' | 'quarantine' | 'saveSnapshot' | 'recordHealths' | 'recordStatuses' | 'recordBlindTime'
  >;
  /** Durable when it resolves. */
  fileEvents: (events: readonly RuleEvent[]) => Promise<void>;
  acknowledge: (edgeId: string, ack: Ack) => void;
  /** Called with what has been filed and acknowledged. */
  onFiled: (events: readonly RuleEvent[]) => Promise<void>;
  /** Called with what an edge could not send again. */
  onMissing: (answer: MissingEvents) => Promise<void>;
  /** Answers how far the clip has come; durable when it says stored. */
  takeClip: (edgeId: string, piece: ClipPiece) => Promise<ClipProgress>;
  /** Called with the health of an edge after it was recorded. */
  onHealth: (health: EdgeHealth) => Promise<void>;
  /** Called at once with the answer to a question about a rule; without it nobody asks. */
  onReplayed?: (answer: RuleReplayed) => void;
  logger: Logger;
  now: () => number;
}>;

export function createIntake(parts: Parts): Intake {
  const waiting = createWaitingMessages();
  const arrivals = createArrivalClock({ now: parts.now, steadyMs: () => performance.now() });
  let working: Promise<void> | undefined;
  let isOver = false;
  let progressedAt = 0;

  const work = async (): Promise<void> => {
    progressedAt = performance.now();
    // What comes in the same read of the socket goes into the same batch.
    await new Promise(setImmediate);
    for (let round = waiting.next(); round !== undefined && !isOver; round = waiting.next()) {
      for (const job of jobsOf(round, parts)) {
        await attempt(job, parts.logger);
        progressedAt = performance.now();
      }
      // SQLite works on this thread: between two commits the socket is read.
      await new Promise(setImmediate);
    }
    working = undefined;
  };

  return {
    take: (topic, payload) => {
      const message = arrivals.judged(readEdgeMessage(topic, payload));
      if (message.kind === 'replayed') {
        parts.onReplayed?.(message.answer);
        return;
      }
      waiting.add(topic, payload, message);
      working ??= work();
    },
    stalledForMs: () => (working === undefined ? 0 : performance.now() - progressedAt),
    stop: async (withinMs = Number.POSITIVE_INFINITY) => {
      if (!Number.isFinite(withinMs)) return working;
      const patience = new AbortController();
      await Promise.race([
        working,
        setTimeout(withinMs, undefined, { signal: patience.signal }),
      ]).finally(() => patience.abort());
      isOver = true;
    },
  };
}

type Job = () => Promise<unknown>;

function jobsOf(
  { events, statuses, healths, missing, blind, snapshot, clip, refused }: Round,
  parts: Parts,
): readonly Job[] {
  const jobs: Job[] = [];
  if (statuses.length > 0) jobs.push(() => parts.store.recordStatuses(statuses));
  if (events.length > 0)
    jobs.push(
      () => fileBatch(parts, events),
      () => parts.onFiled(events),
    );
  if (healths.length > 0) jobs.push(() => recordHealths(parts, healths));
  if (missing !== undefined) jobs.push(() => parts.onMissing(missing));
  if (blind !== undefined) jobs.push(() => parts.store.recordBlindTime(blind));
  if (snapshot !== undefined) jobs.push(() => saveSnapshot(parts, snapshot));
  if (clip !== undefined) jobs.push(() => takeClip(parts, clip));
  if (refused !== undefined) jobs.push(() => quarantine(parts, refused));
  return jobs;
}

async function attempt(job: Job, logger: Logger): Promise<void> {
  try {
    await job();
  } catch (error) {
    logger.error({ reason: String(error) }, 'message not stored; it is not acknowledged');
  }
}

/**
 * Resolves true when at least some are filed. A batch that fails is halved, so that one event which cannot be filed does
 * not hold up its neighbours for ever; when not even one of the first ones goes in, it is the store that is broken.
 */
async function fileBatch(parts: Parts, events: readonly RuleEvent[]): Promise<boolean> {
  try {
    await parts.fileEvents(events);
    acknowledgeEvents(parts, events);
    return true;
  } catch (error) {
    const reason = String(error);
    parts.logger.error({ reason, events: events.length }, 'events not stored nor acknowledged');
  }
  if (events.length === 1) return false;
  const middle = Math.ceil(events.length / 2);
  const someFiled = await fileBatch(parts, events.slice(0, middle));
  if (!someFiled && events.length > 2) return false;
  return (await fileBatch(parts, events.slice(middle))) || someFiled;
}

function acknowledgeEvents({ acknowledge }: Parts, events: readonly RuleEvent[]): void {
  for (const edgeId of new Set(events.map((event) => event.edgeId))) {
    const ofEdge = events.filter((event) => event.edgeId === edgeId);
    acknowledge(edgeId, { eventIds: ofEdge.map(({ eventId }) => eventId), snapshotIds: [] });
  }
}

async function recordHealths(
  { store, onHealth, logger }: Parts,
  healths: readonly EdgeHealth[],
): Promise<void> {
  try {
    await store.recordHealths(healths);
  } catch (error) {
    // One that cannot be recorded must not keep the others from being so.
    if (healths.length === 1) throw error;
    for (const health of healths) await attempt(() => store.recordHealths([health]), logger);
  }
  for (const health of healths) await onHealth(health);
}

async function saveSnapshot(
  parts: Parts,
  { edgeId, eventId, jpeg }: SnapshotMessage,
): Promise<void> {
  const ack = { eventIds: [], snapshotIds: [eventId] };
  const event = await parts.store.event(eventId);
  if (event !== undefined && event.edgeId !== edgeId) {
    const reason = `the snapshot's event belongs to edge ${event.edgeId}, not to ${edgeId}`;
    const topic = `snapshot/${eventId} of ${edgeId}`;
    const verdict = { kind: 'refused', reason, settles: { edgeId, ack } } as const;
    return quarantine(parts, { topic, payload: jpeg.slice(0, 0), verdict });
  }
  await parts.store.saveSnapshot(eventId, jpeg, parts.now());
  parts.acknowledge(edgeId, ack);
}

async function takeClip(parts: Parts, { edgeId, piece }: ClipMessage): Promise<void> {
  const progress = await parts.takeClip(edgeId, piece);
  parts.acknowledge(edgeId, { eventIds: [], snapshotIds: [], clips: [progress] });
}

async function quarantine(
  { store, acknowledge, logger, now }: Parts,
  { topic, payload, verdict: { reason, settles } }: RefusedMessage,
): Promise<void> {
  logger.warn({ topic, reason }, 'message quarantined');
  await store.quarantine({ topic, payload, reason, atMs: now() });
  if (settles !== undefined) acknowledge(settles.edgeId, settles.ack);
}
