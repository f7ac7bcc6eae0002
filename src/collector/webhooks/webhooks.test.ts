/** Webhooks against a real HTTP server and a real store: signed, in order, tried again, once, over restarts. */

import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { uuidv7 } from 'uuidv7';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { crossingEvent } from '../../testing/events.ts';
import { createTestPostgres, postgresPrograms } from '../../testing/postgres.ts';
import { quietFlow } from '../../testing/quiet-centre.ts';
import { acknowledge } from '../alarms/alarms.ts';
import { createStore, type StoreSettings } from '../store/create-store.ts';
import type { Store } from '../store/store.ts';
import { toWebhook, type Webhook, webhooksFor } from './webhook-config.ts';
import { createWebhooks, type Webhooks, webhookReceiver } from './webhooks.ts';

const secretBytes = Buffer.from('a canary that nobody may read');
const secret = `whsec_${secretBytes.toString('base64')}`;

type Call = Readonly<{ headers: IncomingHttpHeaders; body: string; status: number; path: string }>;
type Told = Readonly<{ type: string; data: Readonly<{ alarm: Readonly<{ cameraId: string }> }> }>;

let folder = '';
let server: Server;
let address = '';
let calls: Call[] = [];
let answerWith: (call: number) => number | 'never' = () => 200;
let logged = '';
const running: Webhooks[] = [];
const stores: Store[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'webhooks-'));
  calls = [];
  logged = '';
  answerWith = () => 200;
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => {
      body += part.toString();
    });
    request.on('end', () => {
      const status = answerWith(calls.length + 1);
      const code = status === 'never' ? 0 : status;
      calls.push({ headers: request.headers, body, status: code, path: request.url ?? '' });
      if (status === 'never') return;
      response.writeHead(status, status === 302 ? { location: `${address}/elsewhere` } : {}).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
  for (const store of stores.splice(0)) await store.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

const hook = (changes: Partial<Parameters<typeof toWebhook>[0]> = {}): Webhook =>
  toWebhook(
    {
      webhookId: 'dispatch',
      url: `${address}/hook`,
      allowAddresses: ['127.0.0.1'],
      ...changes,
    },
    secret,
  ) as Webhook;

async function open(
  hooks: readonly Webhook[],
  database: StoreSettings['database'] = { kind: 'sqlite', file: join(folder, 'centre.sqlite') },
): Promise<Store> {
  const webhookTargets = (message: Parameters<typeof webhooksFor>[1]) =>
    webhooksFor(hooks, message);
  const store = await createStore({ database, places: [], webhookTargets });
  stores.push(store);
  return store;
}

const logger = pino({ level: 'trace' }, { write: (line: string) => (logged += line) });
const outcomes: string[] = [];

function run(hooks: readonly Webhook[], store: Store, pace = {}): Webhooks {
  const webhooks = createWebhooks(hooks.map(webhookReceiver), {
    store,
    onOutcome: (_, outcome) => outcomes.push(outcome),
    logger,
    now: Date.now,
    pace: { lookEveryMs: 20, firstRetryMs: 30, ...pace },
  });
  webhooks.start();
  running.push(webhooks);
  return webhooks;
}

/** Files crossings as the intake does: each of a rule of its own, so each raises an alarm. */
async function cross(store: Store, count: number, cameraId = 'cam-1'): Promise<void> {
  const events = Array.from({ length: count }, () => {
    const id = uuidv7();
    const draft = { cameraId, ruleId: `gate-${id.slice(-8)}`, capturedAtMs: Date.now() };
    return { ...crossingEvent(1, draft), eventId: id };
  });
  await quietFlow(store).file(events);
}

const isSigned = ({ headers, body }: Call): boolean => {
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const signature = createHmac('sha256', secretBytes).update(signed).digest('base64');
  return headers['webhook-signature'] === `v1,${signature}`;
};
const taken = () => calls.filter(({ status }) => status === 200);
const idOf = ({ headers }: Call) => headers['webhook-id'];

test('an alarm is told once, signed over its id, its time and its body', async () => {
  const store = await open([hook()]);
  run([hook()], store);
  await cross(store, 1);
  await expect.poll(() => store.deliveriesWaiting(), { timeout: 10_000 }).toEqual([]);
  expect(calls).toHaveLength(1);
  const [call] = calls as [Call];
  expect(isSigned(call)).toBe(true);
  expect(Math.abs(Number(call.headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(60);
  expect(JSON.parse(call.body)).toMatchObject({
    type: 'alarm-raised',
    data: { alarm: { cameraId: 'cam-1', state: 'raised' } },
  });
  expect(logged).not.toContain('canary');
  expect(logged).not.toContain(secret);
});

test('only the kinds and cameras that were asked for are told', async () => {
  const hooks = [hook({ kinds: ['alarm-raised'], cameras: ['cam-2'] })];
  const store = await open(hooks);
  run(hooks, store);
  await cross(store, 1, 'cam-1');
  await cross(store, 1, 'cam-2');
  const [alarm] = await store.alarms({ cameraId: 'cam-2', limit: 1 });
  await store.changeAlarm(alarm?.alarmId ?? '', changed, Date.now());
  await expect.poll(() => store.deliveriesWaiting(), { timeout: 10_000 }).toEqual([]);
  const told = calls.map(({ body }) => JSON.parse(body) as Told);
  expect(told.map(({ data }) => data.alarm.cameraId)).toEqual(['cam-2']);
});

test('what is refused is tried again under the same id, and what belongs to the alarm waits for it', async () => {
  answerWith = (call) => (call <= 2 ? 500 : 200);
  const store = await open([hook()]);
  await cross(store, 1);
  const [alarm] = await store.alarms({ limit: 1 });
  await store.changeAlarm(alarm?.alarmId ?? '', changed, Date.now());
  run([hook()], store);
  await expect.poll(() => taken().length, { timeout: 10_000 }).toBe(2);
  const told = calls.map(({ body }) => (JSON.parse(body) as Told).type);
  expect(told).toEqual(['alarm-raised', 'alarm-raised', 'alarm-raised', 'alarm-changed']);
  expect(new Set(calls.slice(0, 3).map(idOf)).size).toBe(1);
  expect(calls.every(isSigned)).toBe(true);
  expect(logged).toContain('answered 500');
  expect(logged).not.toContain('canary');
});

test('a redirect is not followed, and silence ends after the time allowed', async () => {
  answerWith = (call) => ([302, 'never', 200] as const)[call - 1] ?? 200;
  const store = await open([hook()]);
  run([hook()], store, { timeoutMs: 200 });
  await cross(store, 1);
  await expect.poll(() => taken().length, { timeout: 10_000 }).toBe(1);
  expect(calls.map(({ path }) => path)).toEqual(['/hook', '/hook', '/hook']);
  expect(logged).toContain('answered 302');
  expect(logged).toContain('no answer within');
});

test('a restart in the middle loses nothing and repeats nothing', async () => {
  const hooks = [hook({ kinds: ['alarm-raised'] })];
  const store = await open(hooks);
  const first = run(hooks, store);
  answerWith = (call) => (call <= 10 ? 200 : 'never');
  await cross(store, 40);
  await expect.poll(() => calls.length, { timeout: 10_000 }).toBeGreaterThan(10);
  await first.stop();
  await store.close();
  stores.splice(0);
  expect(taken()).toHaveLength(10);
  answerWith = () => 200;
  const again = await open(hooks);
  run(hooks, again);
  await expect.poll(() => taken().length, { timeout: 10_000 }).toBe(40);
  await expect.poll(() => again.deliveriesWaiting(), { timeout: 10_000 }).toEqual([]);
  expect(new Set(taken().map(idOf)).size).toBe(40);
});

test('what nobody took within the time is given up and said', async () => {
  outcomes.splice(0);
  answerWith = () => 503;
  const store = await open([hook()]);
  await cross(store, 3);
  run([hook()], store, { giveUpAfterMs: 300 });
  await expect
    .poll(() => outcomes.filter((one) => one === 'given-up').length, { timeout: 10_000 })
    .toBe(3);
  expect(await store.deliveriesWaiting()).toEqual([]);
  expect(logged).toContain('given up');
});

test('what was given up is kept, and sent again under its id when somebody says so', async () => {
  answerWith = () => 503;
  const store = await open([hook()]);
  await cross(store, 2);
  const first = run([hook()], store, { giveUpAfterMs: 300 });
  await expect.poll(() => store.givenUpDeliveries(10), { timeout: 10_000 }).toHaveLength(2);
  await first.stop();
  const [newest] = await store.givenUpDeliveries(1);
  const { deliveryId = '', givenUpAtMs = 0 } = newest ?? {};
  expect(newest).toMatchObject({ webhookId: 'dispatch', kind: 'alarm-raised' });
  expect(newest?.subject).toMatch(/^alarm ./);
  expect(await store.retryDelivery('nothing-here', Date.now())).toBe(false);
  expect(await store.retryDelivery(deliveryId, Date.now())).toBe(true);
  expect(await store.retryDelivery(deliveryId, Date.now())).toBe(false);
  answerWith = () => 200;
  run([hook()], store);
  await expect.poll(() => store.deliveriesWaiting(), { timeout: 10_000 }).toEqual([]);
  expect(taken().map(idOf)).toEqual([deliveryId]);
  expect(await store.givenUpDeliveries(10)).toHaveLength(1);
  expect(await store.forgetGivenUp(givenUpAtMs - 60_000)).toBe(0);
  expect(await store.forgetGivenUp(givenUpAtMs + 60_000)).toBe(1);
  expect(await store.givenUpDeliveries(10)).toEqual([]);
});

test('what follows of an alarm does not wait behind what was given up', async () => {
  const store = await open([hook()]);
  await cross(store, 1);
  expect(await store.giveUpDeliveries(Date.now() + 1, Date.now())).toHaveLength(1);
  const [alarm] = await store.alarms({ limit: 1 });
  await store.changeAlarm(alarm?.alarmId ?? '', changed, Date.now());
  run([hook()], store);
  await expect.poll(() => taken().length, { timeout: 10_000 }).toBe(1);
  expect((JSON.parse(calls[0]?.body ?? '') as Told).type).toBe('alarm-changed');
});

describe.skipIf(postgresPrograms() === undefined)('collectors that share a database', () => {
  test('tell each alarm once', async () => {
    const postgres = await createTestPostgres();
    try {
      const database = await postgres.createDatabase('hooks');
      const hooks = [hook({ kinds: ['alarm-raised'] })];
      const [one, other] = [await open(hooks, database), await open(hooks, database)];
      run(hooks, one);
      run(hooks, other);
      await Promise.all([cross(one, 30), cross(other, 30)]);
      await expect.poll(() => one.deliveriesWaiting(), { timeout: 20_000 }).toEqual([]);
      expect(calls).toHaveLength(60);
      expect(new Set(calls.map(idOf)).size).toBe(60);
    } finally {
      for (const webhooks of running.splice(0)) await webhooks.stop();
      for (const store of stores.splice(0)) await store.close();
      await postgres.remove();
    }
  }, 60_000);
});

const changed: Parameters<Store['changeAlarm']>[1] = (alarm) => {
  const step = acknowledge(alarm, 'li', Date.now());
  return step.ok ? step.alarm : undefined;
};
