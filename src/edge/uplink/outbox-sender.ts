/**
 * Sends what waits in the outbox: at most a window in flight, live events before backlog, snapshots after events,
 * everything again when no acknowledgement came within the patience. Only an acknowledgement removes.
 */

import { toCloudEvent } from '../../contract/cloud-event.ts';
import type { Ack } from '../../contract/edge-report.ts';
import type { EdgeTopics } from '../../contract/topics.ts';
import type { BrokerConnection } from './broker-connection.ts';
import type { EdgeClock, EdgeTime } from './edge-clock.ts';
import { createFlights, type Flights } from './flights.ts';
import type { Outbox } from './outbox.ts';
import type { OutboxRow } from './outbox-reading.ts';

const eventWindow = 200;
/** On top of the window, so that a live alarm does not wait for acknowledgements of the backlog. */
const liveReserve = 100;
const snapshotWindow = 8;
const liveMs = 30_000;
const tickMs = 500;

export type OutboxSender = Readonly<{
  start: () => void;
  /** Something new waits. */
  wake: () => void;
  reconnected: () => void;
  acknowledged: (ack: Ack) => void;
  /** The collector hears again: what the broker took and nobody acknowledged need not wait for the patience. */
  heardAgain: () => void;
  /** Nothing waits to leave, and nothing is leaving. */
  isQuiet: () => boolean;
  stop: () => void;
}>;

type Parts = Readonly<{
  outbox: Pick<Outbox, 'live' | 'late' | 'snapshots' | 'acknowledge' | 'tellDrops' | 'tend'>;
  connection: Pick<BrokerConnection, 'connected' | 'publish'>;
  topics: EdgeTopics;
  clock: EdgeClock;
  /** The disk does not take the account of the drops. */
  onFault: (reason: string) => void;
  /** Called whenever everything that was due has been sent. */
  onSent: () => void;
}>;

export function createOutboxSender(parts: Parts): OutboxSender {
  const { outbox, connection, clock } = parts;
  const events = createFlights();
  const snapshots = createFlights();
  let timer: NodeJS.Timeout | undefined;
  let wakeQueued = false;
  let stopped = false;

  const sendAll = (): void => {
    wakeQueued = false;
    if (stopped || !connection.connected()) return;
    const time = clock.read();
    tellDrops(parts, time);
    sendEvents(parts, events, time);
    sendSnapshot(parts, snapshots, wake);
    parts.onSent();
  };
  const wake = (): void => {
    if (wakeQueued || stopped) return;
    wakeQueued = true;
    setImmediate(sendAll);
  };

  return {
    start: () => {
      timer = setInterval(() => {
        outbox.tend();
        wake();
      }, tickMs);
    },
    wake,
    reconnected: () => {
      events.clear();
      snapshots.clear();
      wake();
    },
    acknowledged: (ack) => {
      outbox.acknowledge(ack.eventIds, ack.snapshotIds);
      for (const id of ack.eventIds) events.landed(id);
      for (const id of ack.snapshotIds) snapshots.landed(id);
      wake();
    },
    heardAgain: () => {
      events.forgetTaken();
      snapshots.forgetTaken();
      wake();
    },
    isQuiet: () => {
      const sinceMs = clock.read().agedMs - liveMs;
      return (
        events.leaving() + snapshots.leaving() === 0 &&
        outbox.live(sinceMs, 1, events.ids()).length === 0 &&
        outbox.late(sinceMs, 1, events.ids()).length === 0
      );
    },
    stop: () => {
      stopped = true;
      clearInterval(timer);
    },
  };
}

function tellDrops({ outbox, onFault }: Parts, { wallMs, agedMs, ...mark }: EdgeTime): void {
  try {
    outbox.tellDrops(wallMs, { storedAtMs: agedMs, ...mark });
  } catch (error) {
    onFault(String(error));
  }
}

function sendEvents(
  { outbox, connection, topics, clock }: Parts,
  flights: Flights,
  time: EdgeTime,
): void {
  const send = (row: OutboxRow): void => {
    const message = messageOf(row, time, clock);
    const topic = topics.event(row.event.cameraId);
    void flights.send(row.event.eventId, () => connection.publish(topic, message));
  };
  flights.forgetStale();
  const liveRoom = eventWindow + liveReserve - flights.count();
  const sinceMs = time.agedMs - liveMs;
  outbox.live(sinceMs, liveRoom, flights.ids()).forEach(send);
  outbox.late(sinceMs, eventWindow - flights.count(), flights.ids()).forEach(send);
}

/** One after another into the socket, so that on a slow line a live event waits for one at most. */
function sendSnapshot(
  { outbox, connection, topics }: Parts,
  flights: Flights,
  onSent: () => void,
): void {
  flights.forgetStale();
  if (flights.leaving() > 0 || flights.count() >= snapshotWindow) return;
  const [row] = outbox.snapshots(1, flights.ids());
  if (row === undefined) return;
  const send = (): Promise<boolean> => connection.publish(topics.snapshot(row.eventId), row.jpeg);
  void flights.send(row.eventId, send).then(onSent);
}

function messageOf({ event, storedAtMs }: OutboxRow, time: EdgeTime, clock: EdgeClock): string {
  const clockSuspect = event.clockSuspect ?? clock.setSince(storedAtMs);
  return toCloudEvent({
    ...event,
    ...(clockSuspect === undefined ? {} : { clockSuspect }),
    // What seems to come from the future was stored before a restart, by a clock that was ahead.
    historical: Math.abs(time.agedMs - storedAtMs) > liveMs,
    stageTimes: { ...event.stageTimes, sentAtMs: time.wallMs },
  });
}
