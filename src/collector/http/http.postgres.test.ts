/**
 * Users, sessions, the register, edges' passwords, holds and certificates on a real PostgreSQL, by the tests that they have
 * on SQLite; and two collectors that share it.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Centre, openCentre } from '../../testing/centre.ts';
import { onPostgres } from '../../testing/on-postgres.ts';
import { handOn } from '../../testing/store-database.ts';
import { createEnrolment } from '../enrolment/enrolment.ts';
import type { AuditEntry } from '../store/audit.ts';

await onPostgres(async () => {
  await import('./users.test.ts');
  await import('./audit.test.ts');
  await import('./retention-routes.test.ts');
  await import('../enrolment/enrolment.test.ts');
  describe('two collectors on one database', together);
});

type Other = Awaited<ReturnType<Centre['openAnother']>>;

function together(): void {
  const password = 'a-long-enough-password';
  let one: Centre;
  let other: Other;
  beforeAll(async () => {
    one = await openCentre();
    other = await one.openAnother();
  });
  afterAll(async () => {
    await other.close();
    await one.close();
  });

  test('make one first account, by the token that was printed last, however many ask at once', async () => {
    const setUp = ({ ask }: Pick<Centre, 'ask'>, token: string, username: string) =>
      ask('POST', '/api/setup', { body: { token, username, password } });
    expect((await setUp(one, one.setupToken, 'early')).status).toBe(403);
    const asked = await Promise.all(
      [one, other, one, other].map((collector, at) =>
        setUp(collector, other.setupToken, `chief-${at}`),
      ),
    );
    expect(asked.map(({ status }) => status).sort()).toEqual([200, 403, 403, 403]);
    expect(await one.store.users()).toHaveLength(1);
  });

  test('keep one register: nothing is missing in it, and what is changed by hand is found by both', async () => {
    const before = (await one.store.verifyAudit()).rows;
    const entry = (actor: string): AuditEntry => ({
      ...{ atMs: 1, actor, address: '', action: 'access', outcome: 'done' },
    });
    await Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        [one, other].map(({ store }, nth) => store.record(entry(`user-${nth}-${at}`))),
      ).flat(),
    );
    for (const { store } of [one, other])
      expect(await store.verifyAudit()).toEqual({ ok: true, rows: before + 80 });
    const actors = (await other.store.auditRows({ limit: 80 })).map(({ actor }) => actor);
    expect(new Set(actors).size).toBe(80);
    const hand = await handOn(one.folder);
    await hand.run(`update audit set actor = 'nobody' where number = ${before + 7}`);
    for (const { store } of [one, other])
      expect(await store.verifyAudit()).toMatchObject({ broken: { number: before + 7 } });
    await hand.close();
  });

  test('know the same sessions: who signs out at one is out at the other, and what streams there ends', async () => {
    const cookie = await one.cookieOf(await one.addUser('operator', { kind: 'all' }));
    expect((await other.ask('GET', '/api/cameras', { cookie })).status).toBe(200);
    const feed = await other.ask('GET', '/api/feed', { cookie });
    expect(feed.status).toBe(200);
    const ended = (async () => {
      // Read to its end: it comes when the other collector has closed the stream.
      for await (const piece of feed.body ?? []) void piece;
    })();
    expect((await one.ask('POST', '/api/sign-out', { cookie })).status).toBe(204);
    expect((await other.ask('GET', '/api/cameras', { cookie })).status).toBe(401);
    await ended.catch(() => undefined);
  });

  test('know the same users: who is disabled at one gets in at neither', async () => {
    const userId = await one.addUser('operator', { kind: 'all' });
    const cookie = await one.cookieOf(userId);
    await one.store.changeUser(userId, { disabled: true });
    for (const { ask } of [one, other])
      expect((await ask('GET', '/api/cameras', { cookie })).status).toBe(401);
  });

  test('know the same edges: a code is good once, a right that was taken away is gone at both', async () => {
    const [here, there] = [one, other].map(({ store }) => createEnrolment(store, Date.now));
    if (here === undefined || there === undefined) throw new Error('two were made');
    const { code } = await here.makeCode('box-1');
    const given = await Promise.all([here.enrol('box-1', code), there.enrol('box-1', code)]);
    const passwords = given.filter((one) => one !== undefined);
    expect(passwords).toHaveLength(1);
    expect(await there.check('box-1', passwords[0] ?? '')).toBe(true);
    await here.revoke('box-1');
    expect(await there.check('box-1', passwords[0] ?? '')).toBe(false);
    // It looks again by itself every ten seconds, and at its start.
    await there.start();
    expect(there.mayReport('box-1')).toBe(false);
    there.stop();
  });

  test('keep one sum of blind time, and rules with their hours as they were saved', async () => {
    const entry = { cameraId: 'cam-north', day: '2026-11-24', reason: 'offline' } as const;
    for (const [collector, seconds] of [
      [one, 60],
      [other, 90],
    ] as const)
      await collector.store.recordBlindTime({
        edgeId: 'edge-north',
        entries: [
          { ...entry, seconds },
          { ...entry, ruleId: 'gate', seconds: seconds + 1 },
        ],
      });
    expect(await one.store.blindTime('cam-north', '2026-11-01')).toEqual([
      { ...entry, seconds: 90 },
      { ...entry, ruleId: 'gate', seconds: 91 },
    ]);
    const night = { from: '22:00', to: '06:00', days: [1, 5] };
    const rules = {
      schemaVersion: 1,
      tripwires: [
        {
          ruleId: 'night',
          points: [
            [0, 0.1],
            [1, 0.30000000000000004],
          ],
          schedule: { timeZone: 'Asia/Shanghai', periods: [night] },
        },
      ],
    } as unknown as Parameters<Centre['store']['saveRules']>[1];
    const saved = await Promise.all(
      [one, other].map(({ store }) => store.saveRules('cam-south', rules, 0, 'li', 1)),
    );
    expect(saved.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect((await other.store.rules('cam-south')).rules).toEqual(rules);
  });
}
