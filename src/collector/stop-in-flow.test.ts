/** The centre's program is asked to end while events pour in: what it has filed it also acknowledged, and it lost nothing. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toCloudEvent } from '../contract/cloud-event.ts';
import type { Ack } from '../contract/edge-report.ts';
import { topicsOf } from '../contract/topics.ts';
import { crossingEvent } from '../testing/events.ts';
import { createMosquitto, type Mosquitto } from '../testing/mosquitto.ts';
import { createStore } from './store/create-store.ts';

const eventCount = 800;
const patient = { timeout: 30_000 };
const topics = topicsOf('edge-1');
const folder = mkdtempSync(join(tmpdir(), 'stop-in-flow-'));
let broker: Mosquitto;
let edge: MqttClient;
let collector: ChildProcess;

beforeAll(async () => {
  broker = await createMosquitto({
    lines: 'allow_anonymous true\nmax_queued_messages 10000\nmax_inflight_messages 500\n',
  });
  await broker.start();
});
afterAll(async () => {
  collector?.kill('SIGKILL');
  await edge?.endAsync(true);
  await broker?.remove();
  rmSync(folder, { recursive: true, force: true });
});

test('what was filed was acknowledged, what was not acknowledged was not lost, and the end is a good one', async () => {
  const log = await start();
  const acknowledged = new Set<string>();
  edge = await mqtt.connectAsync(broker.url);
  edge.on('message', (_topic, payload) => {
    for (const id of (JSON.parse(payload.toString()) as Ack).eventIds) acknowledged.add(id);
    // In the middle, whatever the speed: more is on its way than one batch holds.
    if (acknowledged.size < eventCount) collector.kill('SIGTERM');
  });
  await edge.subscribeAsync(topics.ack, { qos: 1 });
  const exited = once(collector, 'exit');
  for (let sequence = 1; sequence <= eventCount; sequence += 1)
    edge.publish(topics.event('cam-1'), toCloudEvent(crossingEvent(sequence)), { qos: 1 });
  expect(await exited).toEqual([0, null]);
  expect(log()).not.toContain('not everything could be brought to its end');

  const file = join(folder, 'data', 'collector.sqlite');
  const store = await createStore({ database: { kind: 'sqlite', file }, places: [] });
  const filed = (await store.events({ limit: 2 * eventCount })).map(({ eventId }) => eventId);
  await store.close();
  expect(filed.length).toBeGreaterThan(0);
  await expect.poll(() => [...acknowledged].sort(), patient).toEqual(filed.sort());
}, 60_000);

/** Answers with what it has logged. */
async function start(): Promise<() => string> {
  const config = join(folder, 'collector.yaml');
  const data = join(folder, 'data');
  writeFileSync(config, `http: { port: 0 }\nbroker: { url: ${broker.url} }\ndataFolder: ${data}\n`);
  collector = spawn(process.execPath, ['src/collector/main.ts', '--config', config]);
  let log = '';
  collector.stdout?.on('data', (text: Buffer) => {
    log += text.toString();
  });
  await expect
    .poll(async () => {
      const address = /console {7}(\S+)/.exec(log)?.[1];
      return address !== undefined && (await fetch(`${address}/health`)).ok;
    }, patient)
    .toBe(true);
  return () => log;
}
