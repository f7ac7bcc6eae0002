/** Stands for the centre: takes events from the broker, acknowledges them, and notes how long after the picture they came. */
import mqtt from 'mqtt';
import { readTopic, topicsOf } from '../contract/topics.ts';

export type EventTaker = Readonly<{
  /** Milliseconds from the picture to the broker's subscriber, one entry for each event since the last call. */
  takeDelays: () => readonly number[];
  stop: () => Promise<void>;
}>;

type Account = Readonly<{ url: string; username: string; password: string; edgeId: string }>;

export async function startEventTaker({ url, edgeId, ...account }: Account): Promise<EventTaker> {
  const topics = topicsOf(edgeId);
  const client = await mqtt.connectAsync(url, { ...account, protocolVersion: 4 });
  let delays: number[] = [];
  client.on('message', (topic, payload) => {
    const nowMs = Date.now();
    const read = readTopic(topic);
    if (read?.kind === 'snapshot') acknowledge([], [read.eventId]);
    if (read?.kind !== 'event') return;
    const { data } = JSON.parse(payload.toString()) as {
      data: { eventId: string; kind: string; capturedAtMs: number };
    };
    if (!data.kind.startsWith('camera-')) delays.push(nowMs - data.capturedAtMs);
    acknowledge([data.eventId], []);
  });
  const acknowledge = (eventIds: readonly string[], snapshotIds: readonly string[]): void => {
    client.publish(topics.ack, JSON.stringify({ eventIds, snapshotIds }), { qos: 1 });
  };
  await client.subscribeAsync(['haoguanjia/v1/+/event/+', 'haoguanjia/v1/+/snapshot/+'], {
    qos: 1,
  });
  return {
    takeDelays: () => {
      const taken = delays;
      delays = [];
      return taken;
    },
    stop: () => client.endAsync(true),
  };
}
