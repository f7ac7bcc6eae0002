/**
 * Edges come in by code and stay within their own topics: with the embedded broker and with Mosquitto on generated files,
 * with real MQTT connections.
 */
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEmbeddedBroker, type EmbeddedBroker } from '../../demo/broker.ts';
import { credentialFile, enrol, readCredential } from '../../edge/enrolment.ts';
import { type Centre, openCentre } from '../../testing/centre.ts';
import { createMosquitto, type Mosquitto } from '../../testing/mosquitto.ts';
import { createEnrolment, type Enrolment } from './enrolment.ts';
import { mosquittoFiles } from './mosquitto-files.ts';

const collector = { username: 'collector', password: 'secret-of-the-centre' };
let centre: Centre;
let enrolment: Enrolment;
let cookie: string;

beforeAll(async () => {
  centre = await openCentre({
    dependencies: (_, store) => {
      enrolment = createEnrolment(store, Date.now);
      return { enrolment };
    },
  });
  cookie = await centre.cookieOf(await centre.addUser('technician', { kind: 'all' }));
});
afterAll(() => centre.close());

async function codeFor(edgeId: string): Promise<string> {
  const answer = await centre.ask('POST', `/api/edges/${edgeId}/code`, { cookie });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { code: string }).code;
}

const comeIn = async (edgeId: string, code?: string) =>
  enrol({
    collectorUrl: centre.address,
    edgeId,
    code: code ?? (await codeFor(edgeId)),
    dataFolder: join(centre.folder, edgeId),
  });

describe('a code', () => {
  test('gives the box its own password, once, in a file that nobody else can read', async () => {
    const code = await codeFor('box-1');
    const given = await comeIn('box-1', code.toLowerCase().replaceAll('-', ' '));
    const folder = join(centre.folder, 'box-1');
    expect(readCredential(folder)).toEqual(given);
    expect(statSync(credentialFile(folder)).mode & 0o777).toBe(0o600);
    expect(await enrolment.check('box-1', given.password)).toBe(true);
    expect(await enrolment.check('box-1', `${given.password}x`)).toBe(false);
    await expect(comeIn('box-1', code)).rejects.toThrow(/was used, or has run out/);
  });

  test('that was made before the clock was set back an hour is refused', async () => {
    const ahead = createEnrolment(centre.store, () => Date.now() + 3_600_000);
    const { code } = await ahead.makeCode('box-9');
    expect(await enrolment.enrol('box-9', code)).toBeUndefined();
    expect(await ahead.enrol('box-9', code)).toBeDefined();
  });

  test('is good for no other edge, and a new one voids the one before', async () => {
    const code = await codeFor('box-2');
    await expect(comeIn('box-3', code)).rejects.toThrow(
      /refuses: this code is not for edge "box-3"/,
    );
    const second = await codeFor('box-2');
    await expect(comeIn('box-2', code)).rejects.toThrow(/refuses/);
    expect(await comeIn('box-2', second)).toMatchObject({ username: 'box-2' });
  });

  test('runs out', async () => {
    let nowMs = Date.now();
    const later = createEnrolment(centre.store, () => nowMs);
    const { code } = await later.makeCode('box-4');
    nowMs += 15 * 60_000;
    expect(await later.enrol('box-4', code)).toBeUndefined();
  });

  test.each(['#', '+', 'a/b', '', 'A'])('is not made for an id like "%s"', async (edgeId) => {
    const path = `/api/edges/${encodeURIComponent(edgeId)}/code`;
    const { status } = await centre.ask('POST', path, { cookie });
    expect([400, 404]).toContain(status);
  });

  test('leaves no password in answers or in the register', async () => {
    const { password } = await comeIn('box-5');
    const chief = await centre.cookieOf(await centre.addUser('administrator', { kind: 'all' }));
    for (const path of ['/api/edge-credentials', '/api/audit?limit=500']) {
      const text = await (await centre.ask('GET', path, { cookie: chief })).text();
      expect(text).toContain('box-5');
      expect(text).not.toContain(password);
      expect(text).not.toContain('$7$');
    }
  });
});

type Connected = Readonly<{ client: MqttClient; heard: string[] }>;
const clients: MqttClient[] = [];

function connect(
  url: string,
  account: { username?: string; password?: string; clientId?: string },
) {
  const client = mqtt.connect(url, { ...account, protocolVersion: 4, reconnectPeriod: 0 });
  clients.push(client);
  const heard: string[] = [];
  client.on('message', (topic) => heard.push(topic));
  return new Promise<Connected>((resolve, reject) => {
    client.once('connect', () => resolve({ client, heard }));
    client.once('error', reject);
  });
}

/** Publishes and waits until the broker has answered, by accepting or by hanging up. */
const publish = ({ client }: Connected, topic: string): Promise<unknown> =>
  new Promise((resolve) => {
    client.once('close', () => resolve(undefined));
    client.publish(topic, 'x', { qos: 1, retain: true }, resolve);
  });

describe.each(['embedded', 'mosquitto'] as const)('the %s broker', (kind) => {
  let embedded: EmbeddedBroker | undefined;
  let mosquitto: Mosquitto | undefined;
  let url: string;
  const account = { a: { username: '', password: '' }, b: { username: '', password: '' } };

  beforeAll(async () => {
    account.a = await comeIn(`edge-a-${kind}`);
    account.b = await comeIn(`edge-b-${kind}`);
    if (kind === 'embedded') {
      embedded = createEmbeddedBroker({
        port: 0,
        accounts: { collector: collector.password },
        checkEdge: enrolment.check,
      });
      enrolment.onEnd(embedded.disconnect);
      url = `mqtt://127.0.0.1:${await embedded.start()}`;
      return;
    }
    const files = mosquittoFiles(collector, await centre.store.edgeCredentials());
    const [passwords, access] = ['passwords', 'access'].map((name) => join(centre.folder, name));
    writeFileSync(passwords ?? '', files.passwords, { mode: 0o600 });
    writeFileSync(access ?? '', files.access, { mode: 0o600 });
    mosquitto = await createMosquitto({
      lines: `allow_anonymous false\npassword_file ${passwords}\nacl_file ${access}\n`,
    });
    await mosquitto.start();
    url = mosquitto.url;
  });
  afterAll(async () => {
    for (const client of clients.splice(0)) client.end(true);
    await embedded?.stop();
    await mosquitto?.remove();
  });

  test('lets in nobody without a name, or with a wrong password', async () => {
    await expect(connect(url, {})).rejects.toThrow(/./);
    await expect(connect(url, { ...account.a, password: account.b.password })).rejects.toThrow(/./);
  });

  test('carries what an edge writes on its own topics, and nothing on those of another', async () => {
    const centreSide = await connect(url, collector);
    await centreSide.client.subscribeAsync('haoguanjia/v1/#', { qos: 1 });
    const topics = [
      `haoguanjia/v1/${account.b.username}/event/cam-1`,
      `haoguanjia/v1/${account.b.username}/status`,
      `haoguanjia/v1/${account.a.username}/rules/cam-1`,
      `haoguanjia/v1/${account.a.username}/other`,
      'elsewhere',
    ];
    for (const topic of topics) await publish(await connect(url, account.a), topic);
    const own = `haoguanjia/v1/${account.a.username}/event/cam-1`;
    await publish(await connect(url, account.a), own);
    await expect.poll(() => centreSide.heard, { timeout: 10_000 }).toContain(own);
    expect(centreSide.heard).toEqual([own]);
  });

  test('tells an edge its own rules and commands, and nothing of another', async () => {
    const edge = await connect(url, account.a);
    const other = `haoguanjia/v1/${account.b.username}`;
    for (const topic of [
      '#',
      '+/+/+/+',
      `${other}/#`,
      `${other}/rules/+`,
      `${other}/ack`,
      '$SYS/#',
    ])
      await edge.client.subscribeAsync(topic, { qos: 1 }).catch(() => undefined);
    const own = `haoguanjia/v1/${account.a.username}`;
    await edge.client.subscribeAsync([`${own}/rules/+`, `${own}/command`], { qos: 1 });
    const centreSide = await connect(url, collector);
    for (const topic of [
      `${other}/rules/cam-1`,
      `${other}/command`,
      `${other}/ack`,
      `${own}/command`,
    ])
      await publish(centreSide, topic);
    await expect.poll(() => edge.heard, { timeout: 10_000 }).toContain(`${own}/command`);
    expect(edge.heard).toEqual([`${own}/command`]);
  });

  if (kind === 'mosquitto') return;

  test('ends the connection of an edge whose right is taken away, and does not let it back', async () => {
    const edge = await connect(url, account.b);
    const closed = new Promise((resolve) => edge.client.once('close', () => resolve(undefined)));
    const path = `/api/edges/${account.b.username}/credential`;
    expect((await centre.ask('DELETE', path, { cookie })).status).toBe(204);
    await closed;
    await expect(connect(url, account.b)).rejects.toThrow(/./);
    expect(enrolment.mayReport(account.b.username)).toBe(false);
    expect(enrolment.mayReport(account.a.username)).toBe(true);
  });

  test('lets no edge push another one out by its client id', async () => {
    const clientId = `edge-${account.a.username}-0123abcd`;
    const edge = await connect(url, { ...account.a, clientId });
    await comeIn('intruder').then((its) =>
      expect(connect(url, { ...its, clientId })).rejects.toThrow(/./),
    );
    expect(edge.client.connected).toBe(true);
  });
});
