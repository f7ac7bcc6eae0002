/** Webhooks against a real HTTP server and a real store: signed, in order, tried again, once, over restarts. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestPostgres, postgresPrograms } from '../../testing/postgres.ts';
import {
  acknowledged,
  type Call,
  fileCrossings,
  idOf,
  isSigned,
  openWebhookBench,
  type Told,
  takenOf,
  type WebhookBench,
  webhookSecret,
} from '../../testing/webhook-bench.ts';

let bench: WebhookBench;
beforeEach(async () => {
  bench = await openWebhookBench();
});
afterEach(() => bench.close());

test('an alarm is told once, signed over its id, its time and its body', async () => {
  const store = await bench.open([bench.hook()]);
  bench.run([bench.hook()], store);
  await fileCrossings(store, 1);
  await expect.poll(() => store.deliveriesWaiting(), { timeout: 10_000 }).toEqual([]);
  expect(bench.calls).toHaveLength(1);
  const [call] = bench.calls as readonly [Call];
  expect(isSigned(call)).toBe(true);
  expect(Math.abs(Number(call.headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(60);
  expect(JSON.parse(call.body)).toMatchObject({
    type: 'alarm-raised',
    data: { alarm: { cameraId: 'cam-1', state: 'raised' } },
  });
  expect(bench.logged()).not.toContain('canary');
  expect(bench.logged()).not.toContain(webhookSecret);
});

test('only the kinds and cameras that were asked for are told', async () => {
  const hooks = [bench.hook({ kinds: ['alarm-raised'], cameras: ['cam-2'] })];
  const store = await bench.open(hooks);
  bench.run(hooks, store);
  await fileCrossings(store, 1, 'cam-1');
  await fileCrossings(store, 1, 'cam-2');
  const [alarm] = await store.alarms({ cameraId: 'cam-2', limit: 1 });
  await store.changeAlarm(alarm?.alarmId ?? '', acknowledged, Date.now());
  await expect.poll(() => store.deliveriesWaiting(), { timeout: 10_000 }).toEqual([]);
  const told = bench.calls.map(({ body }) => JSON.parse(body) as Told);
  expect(told.map(({ data }) => data.alarm.cameraId)).toEqual(['cam-2']);
});

test('what is refused is tried again under the same id, and what belongs to the alarm waits for it', async () => {
  bench.answerWith((call) => (call <= 2 ? 500 : 200));
  const store = await bench.open([bench.hook()]);
  await fileCrossings(store, 1);
  const [alarm] = await store.alarms({ limit: 1 });
  await store.changeAlarm(alarm?.alarmId ?? '', acknowledged, Date.now());
  bench.run([bench.hook()], store);
  await expect.poll(() => takenOf(bench.calls).length, { timeout: 10_000 }).toBe(2);
  const told = bench.calls.map(({ body }) => (JSON.parse(body) as Told).type);
  expect(told).toEqual(['alarm-raised', 'alarm-raised', 'alarm-raised', 'alarm-changed']);
  expect(new Set(bench.calls.slice(0, 3).map(idOf)).size).toBe(1);
  expect(bench.calls.every(isSigned)).toBe(true);
  expect(bench.logged()).toContain('answered 500');
  expect(bench.logged()).not.toContain('canary');
});

test('a redirect is not followed, and silence ends after the time allowed', async () => {
  bench.answerWith((call) => ([302, 'never', 200] as const)[call - 1] ?? 200);
  const store = await bench.open([bench.hook()]);
  bench.run([bench.hook()], store, { timeoutMs: 200 });
  await fileCrossings(store, 1);
  await expect.poll(() => takenOf(bench.calls).length, { timeout: 10_000 }).toBe(1);
  expect(bench.calls.map(({ path }) => path)).toEqual(['/hook', '/hook', '/hook']);
  expect(bench.logged()).toContain('answered 302');
  expect(bench.logged()).toContain('no answer within');
});

test('a restart in the middle loses nothing and repeats nothing', async () => {
  const hooks = [bench.hook({ kinds: ['alarm-raised'] })];
  const store = await bench.open(hooks);
  bench.run(hooks, store);
  bench.answerWith((call) => (call <= 10 ? 200 : 'never'));
  await fileCrossings(store, 40);
  await expect.poll(() => bench.calls.length, { timeout: 10_000 }).toBeGreaterThan(10);
  await bench.stop();
  expect(takenOf(bench.calls)).toHaveLength(10);
  bench.answerWith(() => 200);
  const again = await bench.open(hooks);
  bench.run(hooks, again);
  await expect.poll(() => takenOf(bench.calls).length, { timeout: 10_000 }).toBe(40);
  await expect.poll(() => again.deliveriesWaiting(), { timeout: 10_000 }).toEqual([]);
  expect(new Set(takenOf(bench.calls).map(idOf)).size).toBe(40);
});

describe.skipIf(postgresPrograms() === undefined)('collectors that share a database', () => {
  test('tell each alarm once', async () => {
    const postgres = await createTestPostgres();
    try {
      const database = await postgres.createDatabase('hooks');
      const hooks = [bench.hook({ kinds: ['alarm-raised'] })];
      const [one, other] = [await bench.open(hooks, database), await bench.open(hooks, database)];
      bench.run(hooks, one);
      bench.run(hooks, other);
      await Promise.all([fileCrossings(one, 30), fileCrossings(other, 30)]);
      await expect.poll(() => one.deliveriesWaiting(), { timeout: 20_000 }).toEqual([]);
      expect(bench.calls).toHaveLength(60);
      expect(new Set(bench.calls.map(idOf)).size).toBe(60);
    } finally {
      await bench.stop();
      await postgres.remove();
    }
  }, 60_000);
});
