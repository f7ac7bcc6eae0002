/** What no receiver took in time: given up, said, kept, sent again when somebody says so, and in nobody's way. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  acknowledged,
  fileCrossings,
  idOf,
  openWebhookBench,
  type Told,
  takenOf,
  type WebhookBench,
} from '../../testing/webhook-bench.ts';

let bench: WebhookBench;
beforeEach(async () => {
  bench = await openWebhookBench();
});
afterEach(() => bench.close());

test('what nobody took within the time is given up and said', async () => {
  bench.answerWith(() => 503);
  const store = await bench.open([bench.hook()]);
  await fileCrossings(store, 3);
  bench.run([bench.hook()], store, { giveUpAfterMs: 300 });
  await expect
    .poll(() => bench.outcomes.filter((one) => one === 'given-up').length, { timeout: 10_000 })
    .toBe(3);
  expect(await store.deliveriesWaiting()).toEqual([]);
  expect(bench.logged()).toContain('given up');
});

test('what was given up is kept, and sent again under its id when somebody says so', async () => {
  bench.answerWith(() => 503);
  const store = await bench.open([bench.hook()]);
  await fileCrossings(store, 2);
  const first = bench.run([bench.hook()], store, { giveUpAfterMs: 300 });
  await expect.poll(() => store.givenUpDeliveries(10), { timeout: 10_000 }).toHaveLength(2);
  await first.stop();
  const [newest] = await store.givenUpDeliveries(1);
  const { deliveryId = '', givenUpAtMs = 0 } = newest ?? {};
  expect(newest).toMatchObject({ webhookId: 'dispatch', kind: 'alarm-raised' });
  expect(newest?.subject).toMatch(/^alarm ./);
  expect(await store.retryDelivery('nothing-here', Date.now())).toBe(false);
  expect(await store.retryDelivery(deliveryId, Date.now())).toBe(true);
  expect(await store.retryDelivery(deliveryId, Date.now())).toBe(false);
  bench.answerWith(() => 200);
  bench.run([bench.hook()], store);
  await expect.poll(() => store.deliveriesWaiting(), { timeout: 10_000 }).toEqual([]);
  expect(takenOf(bench.calls).map(idOf)).toEqual([deliveryId]);
  expect(await store.givenUpDeliveries(10)).toHaveLength(1);
  expect(await store.forgetGivenUp(givenUpAtMs - 60_000)).toBe(0);
  expect(await store.forgetGivenUp(givenUpAtMs + 60_000)).toBe(1);
  expect(await store.givenUpDeliveries(10)).toEqual([]);
});

test('what follows of an alarm does not wait behind what was given up', async () => {
  const store = await bench.open([bench.hook()]);
  await fileCrossings(store, 1);
  expect(await store.giveUpDeliveries(Date.now() + 1, Date.now())).toHaveLength(1);
  const [alarm] = await store.alarms({ limit: 1 });
  await store.changeAlarm(alarm?.alarmId ?? '', acknowledged, Date.now());
  bench.run([bench.hook()], store);
  await expect.poll(() => takenOf(bench.calls).length, { timeout: 10_000 }).toBe(1);
  expect((JSON.parse(bench.calls[0]?.body ?? '') as Told).type).toBe('alarm-changed');
});
