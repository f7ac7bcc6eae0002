/**
 * An edge box as the centre sees it: status, health of its cameras, events that are sent again until they are
 * acknowledged. Without a disk, so that hundreds fit into one process.
 */
import mqtt from 'mqtt';
import { uuidv7 } from 'uuidv7';
import { toCloudEvent } from '../../src/contract/cloud-event.ts';
import type { Ack, EdgeHealth } from '../../src/contract/edge-report.ts';
import { topicsOf } from '../../src/contract/topics.ts';
import { crossingEvent } from '../../src/testing/events.ts';
import { edgePassword } from '../harness/edge-account.ts';

export type SimulatedEdge = Readonly<{
  connected: () => boolean;
  /** Sends one event; `calls` makes it one that raises an alarm of its own. Answers with its id. */
  send: (calls: boolean) => string;
  sendHealth: () => void;
  waiting: () => number;
  acknowledged: () => number;
  resendOverdue: () => void;
  stop: () => Promise<void>;
}>;

type Settings = Readonly<{
  url: string;
  edgeId: string;
  cameras: number;
  onAcknowledged?: () => void;
}>;
type Waiting = { topic: string; message: string; sentAt: number };

const patienceMs = 3000;

export function createSimulatedEdge(settings: Settings): SimulatedEdge {
  const { url, edgeId, cameras } = settings;
  const topics = topicsOf(edgeId);
  const bootId = uuidv7();
  const waiting = new Map<string, Waiting>();
  let sequence = 0;
  let acknowledged = 0;
  const client = mqtt.connect(url, {
    ...{ username: edgeId, password: edgePassword, protocolVersion: 4, reconnectPeriod: 1000 },
    clientId: `edge-${edgeId}`,
  });
  client.on('error', () => undefined);
  client.on('connect', () => {
    client.subscribe(topics.ack, { qos: 1 });
    const status = { edgeId, bootId, online: true, sinceMs: Date.now() };
    client.publish(topics.status, JSON.stringify(status), { qos: 1, retain: true });
  });
  client.on('message', (_topic, payload) => {
    const { eventIds } = JSON.parse(payload.toString()) as Ack;
    for (const id of eventIds) if (waiting.delete(id)) acknowledged += 1;
    settings.onAcknowledged?.();
  });
  const publish = (one: Waiting): void => {
    one.sentAt = performance.now();
    if (client.connected) client.publish(one.topic, one.message, { qos: 1 });
  };
  const cameraId = (number: number): string => `${edgeId}-cam-${number}`;

  return {
    connected: () => client.connected,
    send: (calls) => {
      sequence += 1;
      const camera = cameraId(sequence % cameras);
      const eventId = uuidv7();
      const ruleId = calls ? `gate-${sequence}` : 'gate';
      const draft = { cameraId: camera, edgeId, ruleId, capturedAtMs: Date.now() };
      const message = toCloudEvent({ ...crossingEvent(sequence, draft), eventId });
      const one = { topic: topics.event(camera), message, sentAt: 0 };
      waiting.set(eventId, one);
      publish(one);
      return eventId;
    },
    sendHealth: () => {
      const health = healthOf(
        edgeId,
        bootId,
        Array.from({ length: cameras }, (_, n) => cameraId(n)),
      );
      if (client.connected) client.publish(topics.health, JSON.stringify(health), { qos: 1 });
    },
    waiting: () => waiting.size,
    acknowledged: () => acknowledged,
    resendOverdue: () => {
      const before = performance.now() - patienceMs;
      for (const one of waiting.values()) if (one.sentAt < before) publish(one);
    },
    stop: async () => {
      await client.endAsync(true);
    },
  };
}

const liveSinceMs = Date.now();

function healthOf(edgeId: string, bootId: string, cameraIds: readonly string[]): EdgeHealth {
  const atMs = Date.now();
  const cameras = cameraIds.map((cameraId) => ({
    ...{ cameraId, name: cameraId, state: 'live' as const, stateSinceMs: liveSinceMs },
    ...{ analysedPerSecond: 5, frameAgeMs: 80, width: 1920, height: 1080 },
    rules: { appliedVersion: 0 },
  }));
  return { edgeId, bootId, atMs, cameras, outboxRows: 0 };
}
