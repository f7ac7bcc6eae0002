/**
 * Sends what waits in the outbox: at most a window in flight, live events before backlog, snapshots after events,
 * everything again when no acknowledgement came within the patience. Only an acknowledgement removes.
 */

import { toCloudEvent } from '../../contract/cloud-event.ts';
import type { Ack } from '../../contract/edge-report.ts';
import type { EdgeTopics } from '../../contract/topics.ts';
import type { BrokerConnection } from './broker-connection.ts';
import type { Outbox, OutboxRow } from './outbox.ts';

const eventWindow = 200;
const snapshotWindow = 8;
const patienceMs = 3000;
const liveMs = 30_000;

export type OutboxSender = Readonly<{
  start: () => void;
  /** Something new waits. */
  wake: () => void;
  reconnected: () => void;
  acknowledged: (ack: Ack) => void;
  stop: () => void;
}>;

type Parts = Readonly<{
  outbox: Pick<Outbox, 'waiting' | 'waitingSnapshots' | 'remove'>;
  connection: Pick<BrokerConnection, 'connected' | 'publish'>;
  topics: EdgeTopics;
  now: () => number;
}>;

export function createOutboxSender({ outbox, connection, topics, now }: Parts): OutboxSender {
  const eventsInFlight = new Map<string, number>();
  const snapshotsInFlight = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let wakeQueued = false;
  let stopped = false;

  const sendAll = (): void => {
    wakeQueued = false;
    if (stopped || !connection.connected()) return;
    const nowMs = now();
    forgetStale(eventsInFlight, nowMs);
    forgetStale(snapshotsInFlight, nowMs);
    const room = eventWindow - eventsInFlight.size;
    for (const row of outbox.waiting(nowMs - liveMs, room, new Set(eventsInFlight.keys()))) {
      eventsInFlight.set(row.event.eventId, nowMs);
      void connection.publish(topics.event(row.event.cameraId), messageOf(row, nowMs));
    }
    const snapshotRoom = snapshotWindow - snapshotsInFlight.size;
    for (const row of outbox.waitingSnapshots(snapshotRoom, new Set(snapshotsInFlight.keys()))) {
      snapshotsInFlight.set(row.eventId, nowMs);
      void connection.publish(topics.snapshot(row.eventId), row.jpeg);
    }
  };

  const wake = (): void => {
    if (wakeQueued || stopped) return;
    wakeQueued = true;
    setImmediate(sendAll);
  };

  return {
    start: () => {
      timer = setInterval(wake, 500);
    },
    wake,
    reconnected: () => {
      eventsInFlight.clear();
      snapshotsInFlight.clear();
      wake();
    },
    acknowledged: (ack) => {
      outbox.remove(ack.eventIds, ack.snapshotIds);
      for (const id of ack.eventIds) eventsInFlight.delete(id);
      for (const id of ack.snapshotIds) snapshotsInFlight.delete(id);
      wake();
    },
    stop: () => {
      stopped = true;
      clearInterval(timer);
    },
  };
}

function forgetStale(inFlight: Map<string, number>, nowMs: number): void {
  for (const [id, sentAtMs] of inFlight) {
    if (nowMs - sentAtMs > patienceMs) inFlight.delete(id);
  }
}

function messageOf({ event, storedAtMs }: OutboxRow, nowMs: number): string {
  return toCloudEvent({
    ...event,
    historical: nowMs - storedAtMs > liveMs,
    stageTimes: { ...event.stageTimes, sentAtMs: nowMs },
  });
}
