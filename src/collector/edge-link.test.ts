/** The collector's connection to a real broker: the edges that it knows hear when somebody begins to listen to them. */
import mqtt, { type MqttClient } from 'mqtt';
import pino from 'pino';
import { afterEach, expect, test, vi } from 'vitest';
import type { EdgeStatus } from '../contract/edge-report.ts';
import { topicsOf } from '../contract/topics.ts';
import { createEmbeddedBroker } from '../demo/broker.ts';
import { createEdgeLink } from './edge-link.ts';

const topics = topicsOf('edge-1');
const status: EdgeStatus = { edgeId: 'edge-1', bootId: 'boot', online: true, sinceMs: 1 };
const broker = createEmbeddedBroker({ port: 0, accounts: { collector: 'c', 'edge-1': 'e' } });
let edge: MqttClient | undefined;

afterEach(async () => {
  await edge?.endAsync(true);
  await broker.stop();
});

test('an edge that the broker knows is told that it is heard from now on, and told once', async () => {
  const url = `mqtt://127.0.0.1:${await broker.start()}`;
  edge = await mqtt.connectAsync(url, { username: 'edge-1', password: 'e' });
  const answers: string[] = [];
  edge.on('message', (_topic, payload) => answers.push(payload.toString()));
  await edge.subscribeAsync(topics.ack, { qos: 1 });
  const say = () =>
    edge?.publishAsync(topics.status, JSON.stringify(status), { retain: true, qos: 1 });
  await say();

  const onMessage = vi.fn();
  const account = { username: 'collector', password: 'c' };
  const link = createEdgeLink({ url, ...account }, { onMessage }, pino({ level: 'silent' }));
  link.start();
  await vi.waitFor(() => expect(answers).toHaveLength(1), 5000);
  expect(JSON.parse(answers[0] ?? '')).toEqual({
    ...{ eventIds: [], snapshotIds: [] },
    beginsToHear: true,
  });

  await say();
  await vi.waitFor(() => expect(onMessage).toHaveBeenCalledTimes(2), 5000);
  await link.stop();
  expect(answers).toHaveLength(1);
});
