/** Everything that the store promises on SQLite, on a real PostgreSQL; and what only a server can do wrong. */
import { describe, expect, test } from 'vitest';
import { crossingEvent } from '../../testing/events.ts';
import { onPostgres } from '../../testing/on-postgres.ts';
import type { TestPostgres } from '../../testing/postgres.ts';
import { createStore } from './create-store.ts';
import type { StoredFeedMessage } from './store.ts';

const nowMs = 1_800_000_000_000;
let cluster: () => TestPostgres;

await onPostgres(async (given) => {
  cluster = given;
  await import('./store.test.ts');
  await import('./alarm-numbers.test.ts');
  await import('./register-pruning.test.ts');
  await import('../retention/retention.test.ts');
  describe('on a server', serverTests);
});

function serverTests(): void {
  test('two stores on one database file each event once, and both feeds tell everything in one order', async () => {
    const database = await cluster().createDatabase(`two-stores-${Date.now()}`);
    const stores = [
      await createStore({ database, places: [] }),
      await createStore({ database, places: [] }),
    ];
    const told: StoredFeedMessage[][] = stores.map(() => []);
    stores.forEach((store, at) => {
      store.onFeed((stored) => told[at]?.push(stored));
    });
    let ids = 0;
    const file = (store: (typeof stores)[number], sequence: number) =>
      store.fileEvents(
        [crossingEvent(sequence, { ruleId: `r-${sequence}` })],
        (event) => {
          ids += 1;
          const seen = {
            event,
            cameraId: 'cam-1',
            ruleName: 'r',
            repeats: 0,
            late: false,
          } as const;
          const times = { raisedAtMs: nowMs + sequence, lastEventAtMs: nowMs };
          const alarm = { ...seen, ...times, alarmId: `alarm-${ids}`, state: 'raised' } as const;
          return { kind: 'raise', alarm: { ...alarm, severity: 'warning' } };
        },
        nowMs,
      );
    // Both stores get every event at the same time, as on a broker without shared subscriptions.
    const filed = await Promise.all(
      Array.from({ length: 40 }, (_, at) => stores.map((store) => file(store, at + 1))).flat(),
    );
    expect(filed.flat().filter(({ duplicate }) => !duplicate)).toHaveLength(40);
    await expect.poll(() => told.map((messages) => messages.length)).toEqual([40, 40]);
    expect(told[1]).toEqual(told[0]);
    const numbers = told[0]?.map(({ feedId }) => feedId) ?? [];
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    for (const store of stores) await store.close();
  });

  test('a store goes on when its server was killed and is back', async () => {
    const database = await cluster().createDatabase(`comes-back-${Date.now()}`);
    const store = await createStore({ database, places: [] });
    await store.changeSetting('name', 'before');
    await cluster().kill();
    await expect(store.setting('name')).rejects.toThrow();
    await cluster().start();
    await expect.poll(() => store.setting('name').catch(() => '')).toBe('before');
    await store.close();
  });

  test('a wrong password is told without the password', async () => {
    const database = await cluster().createDatabase(`locked-${Date.now()}`);
    const opening = createStore({ database: { ...database, password: 'canary-7' }, places: [] });
    const error = await opening.catch((reason: Error) => reason);
    expect(String(error)).toMatch(
      /locked-\d+ on PostgreSQL .*password authentication failed.*check/,
    );
    expect(String(error)).not.toContain('canary-7');
  });
}
