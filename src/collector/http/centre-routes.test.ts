/** A damaged database is told to everybody on duty, and only an administrator can take the notice away. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Centre, openCentre } from '../../testing/centre.ts';
import { damageSetting } from '../store/damage.ts';

let centre: Centre;
beforeAll(async () => {
  centre = await openCentre();
});
afterAll(() => centre.close());

const askAs = async (userId: string, method: string, path: string) =>
  centre.ask(method, path, { cookie: await centre.cookieOf(userId) });

test('the damage is told without the path of the file, until an administrator has looked after it', async () => {
  const operator = await centre.addUser('operator', { kind: 'all' });
  const administrator = await centre.addUser('administrator', { kind: 'all' });
  const read = async () => (await askAs(operator, 'GET', '/api/centre')).json();
  expect(await read()).toEqual({});

  const damage = {
    atMs: 5,
    reason: 'database disk image is malformed',
    setAside: '/var/lib/x',
    kept: { event: 7, alarm: 2 },
  };
  await centre.store.changeSetting(damageSetting, JSON.stringify(damage));
  expect(await read()).toEqual({
    damage: { atMs: 5, reason: 'database disk image is malformed', events: 7, alarms: 2 },
  });

  expect((await askAs(operator, 'DELETE', '/api/centre/damage')).status).toBe(403);
  expect(await read()).toHaveProperty('damage');
  expect((await askAs(administrator, 'DELETE', '/api/centre/damage')).status).toBe(204);
  expect(await read()).toEqual({});
});
