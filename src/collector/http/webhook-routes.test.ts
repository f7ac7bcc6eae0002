/** What no receiver took: an administrator sees it and sends it again; it stands in the register. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Centre, openCentre } from '../../testing/centre.ts';

let centre: Centre;
beforeAll(async () => {
  centre = await openCentre({ webhookTargets: () => ['dispatch'] });
});
afterAll(() => centre.close());

const askAs = async (userId: string, method: string, path: string) =>
  centre.ask(method, path, { cookie: await centre.cookieOf(userId) });

test('what was given up is listed for an administrator alone, and sent again once', async () => {
  const administrator = await centre.addUser('administrator', { kind: 'all' });
  const operator = await centre.addUser('operator', { kind: 'all' });
  const address = '/api/webhooks/given-up';
  const list = async () =>
    (await (await askAs(administrator, 'GET', address)).json()) as { deliveryId: string }[];
  expect(await list()).toEqual([]);
  const waiting = async () => (await centre.store.deliveriesWaiting())[0]?.count ?? 0;
  const queued = await waiting();
  expect(queued).toBeGreaterThan(0);
  await centre.store.giveUpDeliveries(centre.now() + 1, centre.now());
  const [newest, ...others] = await list();
  expect(newest).toMatchObject({ webhookId: 'dispatch', attempts: 0 });
  expect(others).toHaveLength(queued - 1);

  const again = `${address}/${newest?.deliveryId}/retry`;
  expect((await askAs(operator, 'GET', address)).status).toBe(403);
  expect((await askAs(operator, 'POST', again)).status).toBe(403);
  expect(await waiting()).toBe(0);
  expect((await askAs(administrator, 'POST', again)).status).toBe(204);
  expect(await waiting()).toBe(1);
  expect(await list()).toEqual(others);
  expect((await askAs(administrator, 'POST', again)).status).toBe(404);
  const [row] = await centre.store.auditRows({ action: 'webhook-retried', limit: 10 });
  expect(row).toMatchObject({ outcome: 'done' });
  expect(row?.detail).toContain(newest?.deliveryId);
});
