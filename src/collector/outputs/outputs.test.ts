/** The optional outputs of a whole collector on a real Mosquitto, as another program on the broker sees them. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RuleEvent } from '../../contract/rule-event.ts';
import { crossingDraft, crossingEvent } from '../../testing/events.ts';
import { createMosquitto, type Mosquitto } from '../../testing/mosquitto.ts';
import { quietFlow } from '../../testing/quiet-centre.ts';
import { acknowledge, close } from '../alarms/alarms.ts';
import { type Collector, createCollector } from '../collector.ts';
import type { OutputSettings } from './outputs.ts';

const patience = { timeout: 20_000 };
let folder = '';
let broker: Mosquitto;
let collector: Collector | undefined;
const clients: MqttClient[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outputs-'));
  broker = await createMosquitto();
  await broker.start();
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.endAsync(true);
  await collector?.stop();
  collector = undefined;
  await broker.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function begin(outputs?: OutputSettings): Promise<Collector> {
  const begun = await createCollector(
    {
      http: { host: '127.0.0.1', port: 0 },
      broker: { url: broker.url },
      dataFolder: folder,
      speakers: [],
      cameras: [{ cameraId: 'cam-1', name: '东巷口', lane: '东大街' }],
      ...(outputs === undefined ? {} : { outputs }),
    },
    pino({ level: 'silent' }),
  );
  collector = begun;
  await begun.store.recordHealth(health('live'));
  await begun.start();
  return begun;
}

const health = (state: 'live' | 'offline') => ({
  edgeId: 'edge-1',
  bootId: 'boot',
  atMs: Date.now(),
  outboxRows: 0,
  cameras: [
    {
      ...{ cameraId: 'cam-1', name: 'cam-1', state, stateSinceMs: Date.now() },
      ...{ analysedPerSecond: 5, rules: { appliedVersion: 0 } },
    },
  ],
});

type Seen = Readonly<{ topic: string; payload: string; retained: boolean }>;

/** Everything but the talk between edges and collector. */
async function listen(): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  const client = mqtt.connect(broker.url, { reconnectPeriod: 100 });
  clients.push(client);
  client.on('message', (topic, payload, { retain }) => {
    if (!topic.startsWith('haoguanjia/v1/'))
      seen.push({ topic, payload: payload.toString(), retained: retain });
  });
  await client.subscribeAsync('#', { qos: 1 });
  return seen;
}

async function file({ store }: Collector, event: RuleEvent): Promise<string> {
  await quietFlow(store).file([event]);
  const [alarm] = await store.alarms({ limit: 1 });
  return alarm?.alarmId ?? '';
}

const capturedAtMs = Date.now() - 1000;
const capturedAt = new Date(capturedAtMs).toISOString();
const loitering = (): RuleEvent => {
  const {
    direction: _,
    kind: __,
    ...sighting
  } = crossingEvent(2, { capturedAtMs, ruleId: 'bench' });
  return { ...sighting, kind: 'dwell-loitering', dwellSeconds: 60 };
};
const topic = (end: string) => `haoguanjia/onvif-ej/RuleEngine/${end}`;
const at = (seen: readonly Seen[], wanted: string) => seen.filter((one) => one.topic === wanted);
const json = (one: Seen | undefined) => JSON.parse(one?.payload ?? '{}') as Record<string, unknown>;

test('nothing is put on the broker unless it is configured', async () => {
  const begun = await begin();
  const seen = await listen();
  await file(begun, crossingEvent(1, { capturedAtMs }));
  const marker = clients[0] as MqttClient;
  await marker.publishAsync('marker', '', { qos: 1 });
  await expect.poll(() => seen.map((one) => one.topic), patience).toEqual(['marker']);
});

test('a crossing is an ONVIF event that leaves nothing behind', async () => {
  const begun = await begin({ onvif: true });
  const seen = await listen();
  await file(begun, crossingEvent(1, { capturedAtMs }));
  const crossed = topic('LineDetector/Crossed/&cam-1/edge-1/gate');
  await expect.poll(() => at(seen, crossed).length, patience).toBe(1);
  expect(json(at(seen, crossed)[0])).toEqual({
    UtcTime: capturedAt,
    Source: { VideoSource: 'cam-1', AnalyticsConfiguration: 'edge-1', Rule: 'gate' },
    Data: { ObjectId: String(crossingDraft().trackId), ClassTypes: 'Human' },
  });
  expect(seen.map((one) => one.topic)).toEqual([crossed]);
  const late = await listen();
  await (clients[1] as MqttClient).publishAsync('marker', '', { qos: 1 });
  await expect.poll(() => late.map((one) => one.topic), patience).toEqual(['marker']);
});

test('loitering is an ONVIF property that stands until its alarm is closed', async () => {
  const begun = await begin({ onvif: true });
  const alarmId = await file(begun, loitering());
  const seen = await listen();
  const property = topic('LoiteringDetector/ObjectIsLoitering/&cam-1/edge-1/bench');
  await expect.poll(() => at(seen, property).length, patience).toBe(1);
  expect(json(seen[0])).toMatchObject({
    UtcTime: capturedAt,
    Data: { ClassTypes: 'Human', Since: new Date(capturedAtMs - 60_000).toISOString() },
  });
  const again = await listen();
  await expect.poll(() => at(again, property)[0]?.retained, patience).toBe(true);
  await begun.store.changeAlarm(
    alarmId,
    (alarm) => {
      const step = close(alarm, { reason: 'handled', by: 'li', atMs: Date.now() });
      return step.ok ? step.alarm : undefined;
    },
    Date.now(),
  );
  await expect.poll(() => at(seen, property).at(-1)?.payload, patience).toBe('');
  const late = await listen();
  await (clients[2] as MqttClient).publishAsync('marker', '', { qos: 1 });
  await expect.poll(() => late.map((one) => one.topic), patience).toEqual(['marker']);
});

test('Home Assistant finds each camera, its state and its alarms, also after the broker has lost everything', async () => {
  const begun = await begin({ homeAssistant: true });
  const seen = await listen();
  const configTopic = 'homeassistant/device/haoguanjia-cam-1/config';
  await expect.poll(() => at(seen, configTopic).length, patience).toBeGreaterThan(0);
  const config = json(at(seen, configTopic)[0]) as {
    dev: { name: string };
    cmps: Record<string, { p: string; unique_id: string; state_topic: string }>;
  };
  expect(config.dev.name).toBe('东巷口');
  const stateOf = (key: string, of = seen) =>
    at(of, config.cmps[key]?.state_topic ?? '').at(-1)?.payload;
  expect(config.cmps).toMatchObject({
    alarm: { p: 'binary_sensor', unique_id: 'haoguanjia-cam-1-alarm' },
    online: { p: 'binary_sensor', device_class: 'connectivity' },
    event: { p: 'event' },
  });
  await expect.poll(() => [stateOf('online'), stateOf('alarm')], patience).toEqual(['ON', 'OFF']);

  const alarmId = await file(begun, crossingEvent(1, { capturedAtMs }));
  await expect.poll(() => stateOf('alarm'), patience).toBe('ON');
  await expect.poll(() => stateOf('event'), patience).toBeDefined();
  expect(JSON.parse(stateOf('event') ?? '')).toMatchObject({
    event_type: 'tripwire-crossed',
    alarmId,
  });

  await broker.kill();
  await begun.store.recordHealth(health('offline'));
  await broker.start();
  const fresh = await listen();
  await expect.poll(() => at(fresh, configTopic).length, patience).toBeGreaterThan(0);
  await expect
    .poll(() => [stateOf('online', fresh), stateOf('alarm', fresh)], patience)
    .toEqual(['OFF', 'ON']);
  await begun.store.changeAlarm(
    alarmId,
    (alarm) => {
      const step = acknowledge(alarm, 'li', Date.now());
      return step.ok ? step.alarm : undefined;
    },
    Date.now(),
  );
  await expect.poll(() => stateOf('alarm', fresh), patience).toBe('OFF');
}, 60_000);

test('Home Assistant loses a camera that its edge has no longer, and hears when the centre is gone', async () => {
  const begun = await begin({ homeAssistant: true });
  const seen = await listen();
  const configTopic = 'homeassistant/device/haoguanjia-cam-1/config';
  const availability = 'haoguanjia/home/centre/availability';
  const last = (of: readonly Seen[], wanted: string) => at(of, wanted).at(-1)?.payload;
  await expect.poll(() => last(seen, configTopic), patience).toContain(availability);
  await expect.poll(() => last(seen, availability), patience).toBe('online');
  await begun.store.recordHealth({ ...health('live'), cameras: [] });
  await expect.poll(() => last(seen, configTopic), patience).toBe('');
  // Nothing of it is left for whoever comes later.
  const late = await listen();
  await expect.poll(() => last(late, availability), patience).toBe('online');
  expect(late.map((one) => one.topic)).toEqual([availability]);
  await begun.store.recordHealth(health('live'));
  await expect.poll(() => last(seen, configTopic), patience).toContain(availability);
  await begun.stop();
  await expect.poll(() => last(seen, availability), patience).toBe('offline');
}, 60_000);
