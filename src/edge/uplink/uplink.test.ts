/** The uplink against real brokers: nothing leaves the outbox without the collector's word. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fromCloudEvent } from '../../contract/cloud-event.ts';
import type { RuleEvent } from '../../contract/rule-event.ts';
import { topicsOf } from '../../contract/topics.ts';
import { createEmbeddedBroker } from '../../demo/broker.ts';
import { crossingDraft } from '../../testing/events.ts';
import { createMosquitto, freePort, type Mosquitto } from '../../testing/mosquitto.ts';
import { createUplink, type Uplink } from './uplink.ts';

const logger = pino({ level: 'silent' });
const topics = topicsOf('edge-1');
const listeners = { onRules: vi.fn(), onUnreadableRules: vi.fn(), onCommand: vi.fn() };

let folder = '';
let broker: Mosquitto;
let uplink: Uplink | undefined;
let collector: MqttClient | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'uplink-'));
  broker = await createMosquitto();
  vi.clearAllMocks();
});
afterEach(async () => {
  await uplink?.stop();
  await collector?.endAsync(true);
  uplink = undefined;
  collector = undefined;
  await broker.remove();
  rmSync(folder, { recursive: true, force: true });
});

function startUplink(now: () => number = Date.now): Uplink {
  uplink = createUplink(
    { edgeId: 'edge-1', bootId: 'boot-1', dataFolder: folder, broker: { url: broker.url } },
    listeners,
    logger,
    { wallMs: now, steadyMs: now },
  );
  uplink.start();
  return uplink;
}

/** A collector that keeps every event it is sent, and acknowledges when `acknowledges` says so. */
async function startCollector(received: RuleEvent[], acknowledges: () => boolean): Promise<void> {
  collector = await mqtt.connectAsync(broker.url, { reconnectPeriod: 100 });
  await collector.subscribeAsync('haoguanjia/v1/+/event/+', { qos: 1 });
  collector.on('message', (_topic, payload) => {
    const event = fromCloudEvent(payload.toString());
    if (!event.ok) throw new Error(event.reason);
    received.push(event.value);
    if (!acknowledges()) return;
    collector?.publish(
      topics.ack,
      JSON.stringify({ eventIds: [event.value.eventId], snapshotIds: [] }),
    );
  });
}

describe('over Mosquitto', () => {
  test('an event is sent again until the collector acknowledges it, then it leaves the outbox', async () => {
    await broker.start();
    const received: RuleEvent[] = [];
    let acknowledges = false;
    await startCollector(received, () => acknowledges);
    const edge = startUplink();
    const { eventId } = edge.report(crossingDraft());

    await vi.waitFor(() => expect(received.length).toBeGreaterThan(0), 5000);
    expect(edge.outboxRows()).toBe(1);
    acknowledges = true;
    await vi.waitFor(() => expect(edge.outboxRows()).toBe(0), 10_000);
    expect(new Set(received.map((event) => event.eventId))).toEqual(new Set([eventId]));
    expect(received.length).toBeGreaterThan(1);
  });

  test('what nobody acknowledged comes again whenever the collector says that it begins to hear, not after the patience', async () => {
    await broker.start();
    const received: RuleEvent[] = [];
    await startCollector(received, () => false);
    startUplink().report(crossingDraft());
    await vi.waitFor(() => expect(received).toHaveLength(1), 5000);
    const beginning = performance.now();
    const hears = JSON.stringify({ eventIds: [], snapshotIds: [], beginsToHear: true });
    for (let times = 1; times <= 10; times += 1) {
      await collector?.publishAsync(topics.ack, hears, { qos: 1 });
      await vi.waitFor(() => expect(received.length).toBeGreaterThan(times), 5000);
    }
    // Each time it would have had to wait for two seconds.
    expect(performance.now() - beginning).toBeLessThan(10_000);
  });

  test('events reported while the broker is dead arrive when it is back, each with its own number', async () => {
    const edge = startUplink();
    for (let index = 0; index < 20; index += 1) edge.report(crossingDraft());
    await broker.start();
    const received: RuleEvent[] = [];
    await startCollector(received, () => true);
    await vi.waitFor(() => expect(edge.outboxRows()).toBe(0), 15_000);

    await broker.kill();
    for (let index = 0; index < 20; index += 1) edge.report(crossingDraft());
    await broker.start();
    await collector?.subscribeAsync('haoguanjia/v1/+/event/+', { qos: 1 });
    await vi.waitFor(() => expect(edge.outboxRows()).toBe(0), 15_000);
    const sequences = new Set(received.map(({ sequence }) => sequence));
    expect([...sequences].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 40 }, (_, i) => i + 1),
    );
  });

  test('a live event overtakes a backlog that nobody acknowledges; the backlog says that it is late', async () => {
    let nowMs = 1_800_000_000_000;
    const edge = startUplink(() => nowMs);
    for (let index = 0; index < 300; index += 1) edge.report(crossingDraft());
    nowMs += 60_000;
    await broker.start();
    const received: RuleEvent[] = [];
    await startCollector(received, () => false);
    await vi.waitFor(() => expect(received.length).toBeGreaterThanOrEqual(200), 15_000);
    const { eventId } = edge.report(crossingDraft());
    await vi.waitFor(
      () => expect(received.find((event) => event.eventId === eventId)?.historical).toBe(false),
      2500,
    );
    // The window holds: nothing else came meanwhile, and everything else is late.
    const others = received.filter((event) => event.eventId !== eventId);
    expect(new Set(others.map((event) => event.sequence)).size).toBe(200);
    expect(others.every((event) => event.historical)).toBe(true);
  });

  test('retained rules and commands reach the listeners, and rules that cannot be read are named', async () => {
    await broker.start();
    collector = await mqtt.connectAsync(broker.url);
    const rules = { cameraId: 'cam-1', rulesVersion: 3, rules: { schemaVersion: 1 } };
    await collector.publishAsync(topics.rules('cam-1'), JSON.stringify(rules), {
      retain: true,
      qos: 1,
    });
    await collector.publishAsync(topics.rules('cam-2'), '{"rules":', { retain: true, qos: 1 });
    startUplink();

    await vi.waitFor(() => expect(listeners.onRules).toHaveBeenCalledWith(rules), 5000);
    await vi.waitFor(
      () => expect(listeners.onUnreadableRules).toHaveBeenCalledWith('cam-2', expect.any(String)),
      5000,
    );
    const watch = {
      kind: 'watch-leaving',
      eventId: '01890a5d-ac96-774b-bcce-b302099a8057',
      ...{ cameraId: 'cam-1', ruleId: 'gate', trackId: 7, personId: 7 },
      ...{ capturedAtMs: 1, forSeconds: 30 },
    };
    // What a newer centre may ask is passed over.
    for (const asked of [{ ...watch, kind: 'watch-sky' }, watch])
      await collector.publishAsync(topics.command, JSON.stringify(asked), { qos: 1 });
    await vi.waitFor(() => expect(listeners.onCommand.mock.calls).toEqual([[watch]]), 5000);
    const command = { kind: 'stop-live', cameraId: 'cam-1', format: 'fmp4' };
    await collector.publishAsync(topics.command, JSON.stringify(command), { qos: 1 });
    await vi.waitFor(() => expect(listeners.onCommand).toHaveBeenCalledWith(command), 5000);
  });
});

test("over TLS with a name and a password it is let in; with a stranger's certificate it sends nothing", async () => {
  const account = { username: 'edge-1', password: 'right' };
  await broker.remove();
  broker = await createMosquitto(account);
  await broker.start();
  const watcher = await mqtt.connectAsync(broker.url, {
    ...account,
    ca: readFileSync(broker.caFile ?? ''),
  });
  collector = watcher;
  await watcher.subscribeAsync(topics.status, { qos: 1 });
  const online = new Set<string>();
  watcher.on('message', (_topic, payload) => online.add(JSON.parse(payload.toString()).bootId));
  const isHeard = async (bootId: string, settings: object): Promise<boolean> => {
    const dataFolder = mkdtempSync(join(folder, 'try-'));
    const link = createUplink(
      { edgeId: 'edge-1', bootId, dataFolder, broker: { url: broker.url, ...settings } },
      listeners,
      logger,
    );
    link.start();
    for (let waits = 0; waits < 15 && !online.has(bootId); waits += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await link.stop();
    return online.has(bootId);
  };
  const { caFile } = broker;
  expect(await isHeard('right', { ...account, caFile })).toBe(true);
  expect(await isHeard('stranger', account)).toBe(false);
  expect(await isHeard('wrong', { ...account, password: 'wrong', caFile })).toBe(false);
});

test('the embedded broker lets an edge write below its own id only and refuses a wrong password', async () => {
  const port = await freePort();
  const embedded = createEmbeddedBroker({
    port,
    accounts: { 'edge-1': 'right', collector: 'secret' },
  });
  await embedded.start();
  const url = `mqtt://127.0.0.1:${port}`;
  const refused = mqtt.connect(url, { username: 'edge-1', password: 'wrong', reconnectPeriod: 0 });
  const refusal = await new Promise<Error>((resolve) => refused.once('error', resolve));
  expect(refusal.message).toMatch(/Not authorized|Bad username/i);

  const seen: string[] = [];
  collector = await mqtt.connectAsync(url, { username: 'collector', password: 'secret' });
  await collector.subscribeAsync('haoguanjia/v1/#');
  collector.on('message', (topic) => seen.push(topic));
  const edge = await mqtt.connectAsync(url, {
    username: 'edge-1',
    password: 'right',
    reconnectPeriod: 0,
  });
  edge.publish('haoguanjia/v1/edge-1/health', '{}');
  await vi.waitFor(() => expect(seen).toEqual(['haoguanjia/v1/edge-1/health']), 5000);
  edge.publish('haoguanjia/v1/edge-2/health', '{}');
  await new Promise<void>((resolve) => edge.once('close', () => resolve()));
  expect(seen).toEqual(['haoguanjia/v1/edge-1/health']);
  await edge.endAsync(true);
  await embedded.stop();
});
