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

test('until when the certificates of the broker are good is told, of the centre and of each box', async () => {
  const endsAtMs = 1_800_000_000_000;
  const dated = await openCentre({
    dependencies: () => ({
      edges: {
        connected: () => true,
        certificateEndsAtMs: () => endsAtMs,
        publishRules: () => undefined,
        sendCommand: () => undefined,
      },
    }),
  });
  try {
    const cookie = await dated.cookieOf(await dated.addUser('administrator', { kind: 'all' }));
    const ask = async (path: string) => (await dated.ask('GET', path, { cookie })).json();
    expect(await ask('/api/centre')).toEqual({ certificateEndsAtMs: endsAtMs });
    const health = { edgeId: 'box', bootId: 'boot', atMs: 1, outboxRows: 0, cameras: [] };
    await dated.store.recordHealth({ ...health, certificateEndsAtMs: endsAtMs });
    const box = async () =>
      ((await ask('/api/edges')) as { edgeId: string }[]).find(({ edgeId }) => edgeId === 'box');
    expect(await box()).toMatchObject({ online: true, certificateEndsAtMs: endsAtMs });
    // Also once it is cut off, for which this may be the reason.
    await dated.store.recordStatus({ edgeId: 'box', bootId: 'boot', online: false, sinceMs: 2 });
    expect(await box()).toMatchObject({ online: false, certificateEndsAtMs: endsAtMs });
  } finally {
    await dated.close();
  }
});
