/**
 * Mosquitto as it is shipped, over TLS: once with the files that the command writes for enrolled boxes, once with those of
 * compose.yaml. What a box may and may not do, and how much of the broker it can take.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { makeCertificate } from '../../testing/certificate.ts';
import { createMosquitto, type Mosquitto } from '../../testing/mosquitto.ts';
import { createStore } from '../store/create-store.ts';
import { createEnrolment } from './enrolment.ts';
import { brokerLimits, fileNames } from './mosquitto-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'mosquitto-shipped-'));
const certificate = makeCertificate(folder, 'broker');
const centre = { username: 'collector', password: 'secret-of-the-centre' };
type Shipped = Readonly<{ config: string; passwords: Readonly<Record<string, string>> }>;
afterAll(() => rmSync(folder, { recursive: true }));

/** Two boxes come in by codes; one more loses its right; then the command is run as an engineer runs it. */
async function byCommand(): Promise<Shipped> {
  const [dataFolder, out] = ['data', 'out'].map((name) => join(folder, name)) as [string, string];
  for (const one of [dataFolder, out]) mkdirSync(one);
  const file = join(dataFolder, 'collector.sqlite');
  const store = await createStore({ database: { kind: 'sqlite', file }, places: [] });
  const enrolment = createEnrolment(store, Date.now);
  const passwords: Record<string, string> = {};
  for (const edgeId of ['edge-1', 'edge-2', 'gone']) {
    const { code } = await enrolment.makeCode(edgeId);
    passwords[edgeId] = (await enrolment.enrol(edgeId, code)) ?? '';
  }
  await enrolment.revoke('gone');
  await store.close();
  const yaml = join(folder, 'collector.yaml');
  const broker = `{ url: mqtts://127.0.0.1:8883, username: ${centre.username}, password: ${centre.password} }`;
  writeFileSync(yaml, `http: { port: 0 }\nbroker: ${broker}\ndataFolder: ${dataFolder}\n`);
  const order = ['scripts/mosquitto-files.ts', '--config', yaml, '--out', out];
  expect(spawnSync(process.execPath, order, { encoding: 'utf8' })).toMatchObject({ status: 0 });
  copyFileSync(certificate.file, join(out, fileNames.certificate));
  copyFileSync(certificate.file.replace('.crt', '.key'), join(out, fileNames.key));
  return { config: readFileSync(join(out, fileNames.config), 'utf8'), passwords };
}

/** As the head of compose.yaml says to make them. */
async function byCompose(): Promise<Shipped> {
  const passwords: Readonly<Record<string, string>> = { 'edge-1': 'one', 'edge-2': 'two' };
  const accounts = join(folder, 'accounts');
  const path = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` };
  for (const [name, password] of Object.entries({ collector: centre.password, ...passwords })) {
    const first = name === 'collector' ? ['-c'] : [];
    spawnSync('mosquitto_passwd', ['-b', ...first, accounts, name, password], { env: path });
  }
  const config = readFileSync('config/compose/mosquitto.conf', 'utf8')
    .replace('/run/secrets/broker-accounts', accounts)
    .replace('/mosquitto/config/mosquitto.acl', join(process.cwd(), 'config/compose/mosquitto.acl'))
    .replace('/run/secrets/broker-certificate', certificate.file)
    .replace('/run/secrets/broker-key', certificate.file.replace('.crt', '.key'));
  return { config, passwords };
}

/** The listener is the test's; the lines that go before it, and those after it, are as shipped. */
const elsewhere = (config: string): string => config.replace(/^(per_|listener ).*\n/gm, '');

describe.each([
  ['the files of the command', byCommand],
  ['the files of compose.yaml', byCompose],
] as const)('Mosquitto with %s', (kind, prepare) => {
  let broker: Mosquitto;
  let shipped: Shipped;
  const clients: MqttClient[] = [];
  const address = () => broker.url.replace('mqtt:', 'mqtts:');

  beforeAll(async () => {
    shipped = await prepare();
    broker = await createMosquitto({ lines: elsewhere(shipped.config) });
    await broker.start();
  });
  afterAll(async () => {
    for (const client of clients.splice(0)) client.end(true);
    await broker?.remove();
  });

  async function enter(who: Partial<IClientOptions>, url = address()) {
    const given = { protocolVersion: 4, reconnectPeriod: 0, ca: certificate.cert } as const;
    const client = mqtt.connect(url, { ...given, ...who });
    clients.push(client);
    const heard: string[] = [];
    client.on('message', (topic, payload) =>
      heard.push(payload.toString() === 'forged' ? `forged ${topic}` : topic),
    );
    client.on('error', () => undefined);
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve());
      client.once('error', reject);
      client.once('close', () => reject(new Error('hung up')));
    });
    return { client, heard };
  }
  const box = (edgeId: string): Partial<IClientOptions> => ({
    username: edgeId,
    password: shipped.passwords[edgeId] ?? '',
  });

  test('S14 lets nobody in without an account, in clear, or with an old TLS', async () => {
    await expect(enter({})).rejects.toThrow(/not authorized/i);
    await expect(enter({ ...box('edge-1'), password: 'guess' })).rejects.toThrow(/not authorized/i);
    await expect(enter(box('gone'))).rejects.toThrow(/not authorized/i);
    await expect(enter(box('edge-1'), broker.url)).rejects.toThrow(/hung up|ECONNRESET/);
    const { port } = new URL(broker.url);
    const old = { port: Number(port), ca: certificate.cert, ciphers: 'DEFAULT@SECLEVEL=0' };
    const refused = new Promise((resolve) =>
      connectTls({ ...old, host: '127.0.0.1', minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })
        .once('error', resolve)
        .once('secureConnect', () => resolve('let in')),
    );
    expect(await refused).toBeInstanceOf(Error);
    expect((await enter(box('edge-1'))).client.connected).toBe(true);
  });

  test('S14 carries of a box its own topics alone, and tells it of no other', async () => {
    const [listener, edge] = [await enter(centre), await enter(box('edge-1'))];
    await listener.client.subscribeAsync('haoguanjia/v1/#', { qos: 1 });
    const root = 'haoguanjia/v1';
    const foreign = ['event/cam', 'status', 'health', 'clip/x'].map(
      (one) => `${root}/edge-2/${one}`,
    );
    const ours = ['ack', 'command', 'rules/cam', 'other'].map((one) => `${root}/edge-1/${one}`);
    const outputs = ['haoguanjia/onvif-ej/x', 'haoguanjia/home/x', 'homeassistant/device/x'];
    for (const topic of [...foreign, ...ours, ...outputs, `${root}/%u/status`])
      await edge.client
        .publishAsync(topic, 'forged', { qos: 1, retain: true })
        .catch(() => undefined);
    const wanted = ['#', '+/+/+/+', `${root}/edge-2/#`, `${root}/edge-2/ack`, `${root}/+/rules/+`];
    const more = [
      '$SYS/#',
      '$share/haoguanjia-collectors/haoguanjia/v1/+/event/+',
      'homeassistant/#',
    ];
    for (const topic of [...wanted, ...more])
      await edge.client.subscribeAsync(topic, { qos: 1 }).catch(() => undefined);
    await edge.client.subscribeAsync(`${root}/edge-1/command`, { qos: 1 });
    const other = await enter(box('edge-2'));
    for (const kind of ['event/cam', 'health'])
      await other.client.publishAsync(`${root}/edge-2/${kind}`, 'x', { qos: 1, retain: true });
    for (const topic of ['edge-2/ack', 'edge-2/command', 'edge-2/rules/cam', 'edge-1/command'])
      await listener.client.publishAsync(`${root}/${topic}`, 'x', { qos: 1 });
    await edge.client.publishAsync(`${root}/edge-1/event/cam`, 'x', { qos: 1 });
    const due = ['edge-2/event/cam', 'edge-2/health', 'edge-1/event/cam'].map(
      (one) => `${root}/${one}`,
    );
    const heard = () =>
      listener.heard.filter((topic) => !/(ack|command|rules\/cam)$/.test(topic)).sort();
    await vi.waitFor(() => expect(heard()).toEqual(due.sort()), { timeout: 10_000 });
    await vi.waitFor(() => expect(edge.heard).toContain(`${root}/edge-1/command`));
    expect(edge.heard).toEqual([`${root}/edge-1/command`]);
  });

  test('S14 carries out no will on the topic of another box', async () => {
    const listener = await enter(centre);
    await listener.client.subscribeAsync('haoguanjia/v1/+/status', { qos: 1 });
    for (const edgeId of ['edge-2', 'edge-1']) {
      const topic = `haoguanjia/v1/${edgeId}/status`;
      const will = { topic, payload: Buffer.from('offline'), qos: 1, retain: true } as const;
      const dying = await enter({ ...box('edge-1'), will });
      dying.client.stream.destroy();
    }
    await vi.waitFor(() => expect(listener.heard).toEqual(['haoguanjia/v1/edge-1/status']), 10_000);
  });

  test('S15 takes neither QoS 2 nor a message that is too large, and serves others meanwhile', async () => {
    const honest = await enter(box('edge-2'));
    const topic = 'haoguanjia/v1/edge-1/event/cam';
    for (const [bytes, qos] of [
      [10, 2],
      [brokerLimits.max_packet_size + 1, 1],
    ] as const) {
      const greedy = await enter(box('edge-1'));
      const gone = new Promise<void>((resolve) => greedy.client.once('close', () => resolve()));
      greedy.client.publish(topic, Buffer.alloc(bytes), { qos });
      await gone;
    }
    await honest.client.publishAsync('haoguanjia/v1/edge-2/health', 'x', { qos: 1 });
  });

  test('S15 has the limits that are known here, and holds so many connections', async () => {
    for (const [name, value] of Object.entries(brokerLimits))
      expect(shipped.config.split('\n'), kind).toContain(`${name} ${value}`);
    const lines = elsewhere(shipped.config).replace(/^max_connections .*$/m, 'max_connections 3');
    const small = await createMosquitto({ lines });
    try {
      await small.start();
      const url = small.url.replace('mqtt:', 'mqtts:');
      // The one that saw whether it is up has gone.
      const held = [];
      for (let count = 0; count < 3; count += 1)
        held.push(await vi.waitFor(() => enter(box('edge-1'), url), { timeout: 10_000 }));
      await expect(enter(box('edge-2'), url)).rejects.toThrow(/./);
      await held[0]?.client.endAsync(true);
      await vi.waitFor(() => enter(box('edge-2'), url), { timeout: 10_000 });
    } finally {
      await small.remove();
    }
  });
});
