/** The turns that transactions take on a server that several collectors share: nobody keeps the turn, or breaks a connection by waiting. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { crossingEvent } from '../../testing/events.ts';
import { onPostgres } from '../../testing/on-postgres.ts';
import type { TestPostgres } from '../../testing/postgres.ts';
import { childEnd } from '../../testing/processes.ts';
import { createStore } from './create-store.ts';

const nowMs = 1_800_000_000_000;
const entry = { actor: 'li', address: '', action: 'access', outcome: 'done', atMs: nowMs } as const;
let cluster: () => TestPostgres;

await onPostgres(async (given) => {
  cluster = given;
  describe('on a server', turnTests);
});

function turnTests(): void {
  test('a collector that stands still in a transaction holds up the others for seconds only', async () => {
    const database = await cluster().createDatabase('frozen');
    const store = await createStore({ database, places: [] });
    const frozen = spawn(
      process.execPath,
      ['src/testing/frozen-collector-main.ts', JSON.stringify(database)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    try {
      await once(frozen.stdout, 'data');
      await store.fileEvents([crossingEvent(2)], () => ({ kind: 'none' }), nowMs);
      expect((await store.events({ limit: 9 })).map(({ sequence }) => sequence)).toEqual([2]);
    } finally {
      await childEnd(frozen, 'SIGKILL');
      await store.close();
    }
  }, 40_000);

  test('a transaction that is cancelled while it waits for its turn leaves no broken connection behind', async () => {
    const database = await cluster().createDatabase('cancelled');
    const store = await createStore({ database, places: [] });
    const hand = await handOn(database);
    await hand.query('select pg_advisory_lock(7040611)');
    const waiting = store.record(entry).then(
      () => 'recorded',
      () => 'refused',
    );
    const cancelled = () =>
      hand.query(
        `select pg_cancel_backend(pid) from pg_stat_activity
         where datname = current_database() and wait_event = 'advisory'`,
      );
    await expect.poll(async () => (await cancelled()).rowCount).toBe(1);
    expect(await waiting).toBe('refused');
    await hand.query('select pg_advisory_unlock(7040611)');
    for (let times = 0; times < 5; times += 1) await store.record(entry);
    expect(await store.auditRows({ limit: 9 })).toHaveLength(5);
    await hand.end();
    await store.close();
  });

  test('what is stored outlives a crash of the server, also where its commits do not wait for the disk', async () => {
    const database = await cluster().createDatabase('hasty');
    const hand = await handOn(database);
    await hand.query('alter database hasty set synchronous_commit = off');
    await hand.end();
    const store = await createStore({ database, places: [] });
    await store.fileEvents([crossingEvent(1)], () => ({ kind: 'none' }), nowMs);
    await cluster().kill();
    await cluster().start();
    await expect
      .poll(async () => (await store.events({ limit: 9 }).catch(() => undefined))?.length)
      .toBe(1);
    await store.close();
  });
}

async function handOn({
  kind: _,
  ...place
}: Awaited<ReturnType<TestPostgres['createDatabase']>>): Promise<pg.Client> {
  const client = new pg.Client(place);
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
