/**
 * A centre is upgraded with what it holds, on SQLite and on a real PostgreSQL: the rows of the first version are written
 * down here as it wrote them and never changed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestPostgres, postgresPrograms, type TestPostgres } from '../../testing/postgres.ts';
import { bringUpToDate } from './bring-up-to-date.ts';
import { createStore, type StoreSettings } from './create-store.ts';
import { openDatabase } from './database.ts';
import { migrations } from './migrations.ts';

type Place = StoreSettings['database'];

const folder = mkdtempSync(join(tmpdir(), 'upgrade-'));
let postgres: TestPostgres | undefined;
let made = 0;

beforeAll(async () => {
  if (postgresPrograms() !== undefined) postgres = await createTestPostgres();
}, 60_000);
afterAll(async () => {
  await postgres?.remove();
  rmSync(folder, { recursive: true, force: true });
});

const kinds = ['sqlite', ...(postgresPrograms() === undefined ? [] : ['postgres'])] as const;

async function emptyPlace(kind: string): Promise<Place> {
  made += 1;
  return kind === 'sqlite' || postgres === undefined
    ? { kind: 'sqlite', file: join(folder, `${made}.sqlite`) }
    : postgres.createDatabase(`upgrade_${made}`);
}

const event = {
  ...{ kind: 'tripwire-crossed', schemaVersion: 1, edgeId: 'edge-1', cameraId: 'cam-1' },
  ...{ eventId: '01890000-0000-7000-8000-000000000001', sequence: 41, historical: false },
  ...{ capturedAtMs: 1_800_000_000_000, mediaTimeMs: 5000, ruleId: 'gate', ruleVersion: 1 },
  ...{ modelVersion: 'nanodet', trackId: 7, personId: 7, label: 'person', confidence: 0.8 },
  box: { left: 0.4, top: 0.3, right: 0.5, bottom: 0.6 },
  ...{ footPoint: [0.45, 0.6], trail: [[0.45, 0.6]], direction: 'a-to-b' },
};
const alarm = {
  ...{ alarmId: 'a-1', state: 'raised', severity: 'warning', edgeId: 'edge-1', cameraId: 'cam-1' },
  ...{ raisedAtMs: 1_800_000_000_100, event, repeats: 0, late: false },
};
const rules = { schemaVersion: 1, tripwires: [] };

/** What the first version had written, when it stopped. */
async function firstVersion(place: Place): Promise<void> {
  const { database, forMigrations } = openDatabase(place);
  const migrator = new Migrator({ db: forMigrations, provider: migrations });
  expect((await migrator.migrateTo('004-console')).error).toBeUndefined();
  const at = 1_800_000_000_100;
  const rows = [
    sql`insert into event values (${event.eventId}, 'edge-1', 'cam-1', ${event.kind}, 41, ${event.capturedAtMs}, ${at}, ${JSON.stringify(event)})`,
    sql`insert into snapshot values (${event.eventId}, ${at}, ${Buffer.from([0xff, 0xd8, 1])})`,
    sql`insert into alarm values ('a-1', ${event.eventId}, 'cam-1', 'cam-1/gate', 'raised', ${at}, ${JSON.stringify(alarm)})`,
    sql`insert into edge (edge_id, boot_id, online, since_ms, outbox_rows) values ('edge-1', 'b', 1, ${at}, 0)`,
    sql`insert into rules values ('cam-1', 2, 'li', ${at}, ${JSON.stringify(rules)})`,
    sql`insert into feed (at_ms, body) values (${at}, ${JSON.stringify({ kind: 'alarm-raised', alarm, atMs: at })})`,
    sql`insert into account values ('u1', 'li', 'hash')`,
  ];
  for (const row of rows) await row.execute(database);
  await database.destroy();
}

const steps = async (place: Place): Promise<readonly string[]> => {
  const { database } = openDatabase(place);
  const { rows } = await sql<{
    name: string;
  }>`select name from kysely_migration order by name`.execute(database);
  await database.destroy();
  return rows.map(({ name }) => name);
};

/** With one step more than this version has; answers with what the upgrade says. */
async function upgradeWith(place: Place, name: string, step: Migration): Promise<unknown> {
  const { database, forMigrations } = openDatabase(place);
  const all = { ...(await migrations.getMigrations()), [name]: step };
  try {
    return await bringUpToDate(forMigrations, { getMigrations: async () => all });
  } catch (error) {
    return error;
  } finally {
    await database.destroy();
  }
}

describe.each(kinds)('on %s', (kind) => {
  test('everything that the first version kept is there after the upgrade', async () => {
    const place = await emptyPlace(kind);
    await firstVersion(place);
    const store = await createStore({ database: place, places: [] });
    expect(await store.event(event.eventId)).toEqual(event);
    expect(await store.snapshot(event.eventId)).toHaveLength(3);
    expect(await store.alarms({ limit: 10 })).toMatchObject([alarm]);
    expect(await store.userByName('li')).toMatchObject({ role: 'administrator' });
    expect(await store.rules('cam-1')).toMatchObject({ rulesVersion: 2, rules });
    expect(await store.feedSince(0, 10)).toMatchObject([{ message: { kind: 'alarm-raised' } }]);
    await store.close();
  });

  test('a step that fails takes back all of them, and the version before goes on', async () => {
    const place = await emptyPlace(kind);
    await firstVersion(place);
    const before = await steps(place);
    const failing: Migration = {
      up: async (database) => {
        await sql`alter table event add column colour text`.execute(database);
        await sql`update event set colour = shade`.execute(database);
      },
    };
    expect(await upgradeWith(place, '999-colour', failing)).toMatchObject({
      message: expect.stringMatching(/step 999-colour of its upgrade failed: .*shade/),
      mend: expect.stringContaining('as it was before'),
    });
    expect(await steps(place)).toEqual(before);
    const { database } = openDatabase(place);
    const { rows } = await sql`select * from event`.execute(database);
    await database.destroy();
    expect(Object.keys(rows[0] ?? {})).not.toContain('colour');
    const store = await createStore({ database: place, places: [] });
    expect(await store.event(event.eventId)).toEqual(event);
    await store.close();
  });

  test('a database of a newer version is refused in one sentence and left alone', async () => {
    const place = await emptyPlace(kind);
    const newer = { up: async () => undefined };
    expect(await upgradeWith(place, '999-later', newer)).toBeUndefined();
    await expect(createStore({ database: place, places: [] })).rejects.toThrow(
      /cannot be used \(a newer version has been at work in it: 999-later\); start that version again, or restore the backup/,
    );
    expect((await steps(place)).at(-1)).toBe('999-later');
  });
});
