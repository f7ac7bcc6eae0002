/**
 * Takes what edges send: checked against the contract, filed in batches, acknowledged after the commit. What does not
 * fit is kept in quarantine with its reason. When the store fails nothing is acknowledged, and the edge sends it again.
 */
import type { Logger } from 'pino';
import { createCheck } from '../contract/check.ts';
import { fromCloudEvent } from '../contract/cloud-event.ts';
import { type Ack, EdgeHealth, EdgeStatus } from '../contract/edge-report.ts';
import { EventId } from '../contract/id.ts';
import type { RuleEvent } from '../contract/rule-event.ts';
import { type IncomingTopic, readTopic } from '../contract/topics.ts';
import type { Store } from './store/store.ts';

const batchMs = 10;
const largestBatch = 200;
const largestSnapshotBytes = 2 * 1024 * 1024;

export type Intake = Readonly<{
  /** Returns at once; the work follows in batches. */
  take: (topic: string, payload: Uint8Array) => void;
  /** Files what has been taken so far. */
  stop: () => Promise<void>;
}>;

type Parts = Readonly<{
  store: Pick<Store, 'quarantine' | 'saveSnapshot' | 'recordHealth' | 'recordStatus'>;
  /** Durable when it resolves. */
  fileEvents: (events: readonly RuleEvent[]) => Promise<void>;
  acknowledge: (edgeId: string, ack: Ack) => void;
  /** Called with the health of an edge after it was recorded. */
  onHealth: (health: EdgeHealth) => Promise<void>;
  logger: Logger;
  now: () => number;
}>;

const checkHealth = createCheck(EdgeHealth);
const checkStatus = createCheck(EdgeStatus);
const checkEventId = createCheck(EventId);

export function createIntake(parts: Parts): Intake {
  let waiting: RuleEvent[] = [];
  let timer: NodeJS.Timeout | undefined;
  /** One job after the other: events of an edge are filed in the order in which they came. */
  let last: Promise<void> = Promise.resolve();
  const inTurn = (what: string, job: () => Promise<void>): void => {
    last = last.then(job).catch((error: unknown) => {
      parts.logger.error({ reason: String(error) }, what);
    });
  };
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const batch = waiting;
    waiting = [];
    if (batch.length > 0) inTurn('events could not be filed', () => fileBatch(parts, batch));
  };
  const takeEvent = (event: RuleEvent): void => {
    waiting.push(event);
    if (waiting.length >= largestBatch) flush();
    else timer ??= setTimeout(flush, batchMs);
  };

  return {
    take: (topic, payload) => {
      const place = readTopic(topic);
      const verdict = judge(place, payload, parts.now());
      switch (verdict.kind) {
        case 'event':
          return takeEvent(verdict.event);
        case 'job':
          return inTurn('a message could not be stored', () => verdict.job(parts));
        case 'refused':
          parts.logger.warn({ topic, reason: verdict.reason }, 'message quarantined');
          return inTurn('a message could not be quarantined', () =>
            parts.store.quarantine({ topic, payload, reason: verdict.reason, atMs: parts.now() }),
          );
      }
    },
    stop: async () => {
      flush();
      await last;
    },
  };
}

async function fileBatch(
  { fileEvents, acknowledge }: Parts,
  events: readonly RuleEvent[],
): Promise<void> {
  await fileEvents(events);
  for (const edgeId of new Set(events.map((event) => event.edgeId))) {
    const eventIds = events
      .filter((event) => event.edgeId === edgeId)
      .map(({ eventId }) => eventId);
    acknowledge(edgeId, { eventIds, snapshotIds: [] });
  }
}

type Verdict =
  | Readonly<{ kind: 'event'; event: RuleEvent }>
  | Readonly<{ kind: 'job'; job: (parts: Parts) => Promise<void> }>
  | Readonly<{ kind: 'refused'; reason: string }>;

function judge(place: IncomingTopic | undefined, payload: Uint8Array, nowMs: number): Verdict {
  switch (place?.kind) {
    case 'event':
      return judgeEvent(place, payload);
    case 'snapshot':
      return judgeSnapshot(place, payload, nowMs);
    case 'health': {
      const health = checkHealth(parse(payload));
      if (!health.ok) return { kind: 'refused', reason: health.reason };
      if (health.value.edgeId !== place.edgeId) return foreign(place.edgeId, health.value.edgeId);
      return {
        kind: 'job',
        job: async ({ store, onHealth }) => {
          await store.recordHealth(health.value);
          await onHealth(health.value);
        },
      };
    }
    case 'status': {
      const status = checkStatus(parse(payload));
      if (!status.ok) return { kind: 'refused', reason: status.reason };
      if (status.value.edgeId !== place.edgeId) return foreign(place.edgeId, status.value.edgeId);
      return { kind: 'job', job: ({ store }) => store.recordStatus(status.value) };
    }
    default:
      return { kind: 'refused', reason: 'the topic is none that edges write to' };
  }
}

function judgeEvent(
  place: Readonly<{ edgeId: string; cameraId: string }>,
  payload: Uint8Array,
): Verdict {
  const event = fromCloudEvent(new TextDecoder().decode(payload));
  if (!event.ok) return { kind: 'refused', reason: event.reason };
  const { edgeId, cameraId } = event.value;
  if (edgeId !== place.edgeId) return foreign(place.edgeId, edgeId);
  if (cameraId !== place.cameraId) {
    return {
      kind: 'refused',
      reason: `the topic says camera ${place.cameraId}, the event ${cameraId}`,
    };
  }
  return { kind: 'event', event: event.value };
}

function judgeSnapshot(
  { edgeId, eventId }: Readonly<{ edgeId: string; eventId: string }>,
  payload: Uint8Array,
  nowMs: number,
): Verdict {
  const isJpeg = payload[0] === 0xff && payload[1] === 0xd8;
  if (!checkEventId(eventId).ok)
    return { kind: 'refused', reason: 'the topic does not end with an event id' };
  if (!isJpeg) return { kind: 'refused', reason: 'the snapshot is no JPEG' };
  if (payload.length > largestSnapshotBytes)
    return { kind: 'refused', reason: 'the snapshot is larger than 2 MB' };
  return {
    kind: 'job',
    job: async ({ store, acknowledge }) => {
      await store.saveSnapshot(eventId, payload, nowMs);
      acknowledge(edgeId, { eventIds: [], snapshotIds: [eventId] });
    },
  };
}

function foreign(topicEdge: string, payloadEdge: string): Verdict {
  return {
    kind: 'refused',
    reason: `the topic says edge ${topicEdge}, the message ${payloadEdge}`,
  };
}

function parse(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return undefined;
  }
}
