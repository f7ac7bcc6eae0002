/** Alarms in the order of their coming, on a clock that is put back; and those of a store that had no numbers yet. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AlarmView } from '../../contract/console-api.ts';
import { crossingEvent } from '../../testing/events.ts';
import { databaseIn } from '../../testing/store-database.ts';
import { decideAlarm } from '../alarms/alarms.ts';
import { createStore } from './create-store.ts';
import { openDatabase } from './database.ts';
import { migrations } from './migrations.ts';
import type { Store } from './store.ts';

const hour = 3_600_000;
const noon = 1_800_000_000_000;
let folder = '';
let store: Store;
const open = async (): Promise<Store> =>
  createStore({ database: await databaseIn(folder), places: [] });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'alarm-numbers-'));
  store = await open();
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Files an event at its own time, and answers with its alarm's id. */
async function fileAt(sequence: number, atMs: number): Promise<string> {
  const event = crossingEvent(sequence, { capturedAtMs: atMs });
  const [filed] = await store.fileEvents(
    [event],
    (one, context) =>
      decideAlarm({ event: one, context, nowMs: atMs, newId: () => `alarm-${100 - sequence}` }),
    atMs,
  );
  if (filed?.duplicate !== false || filed.alarm === undefined) throw new Error('it is no alarm');
  return filed.alarm.alarmId;
}

describe('after the clock was put back by an hour', () => {
  test('new alarms come before those that bear a later time, and a page follows the other', async () => {
    const early = [await fileAt(1, noon), await fileAt(2, noon + 60_000)];
    const late = [await fileAt(3, noon - hour), await fileAt(4, noon - hour + 60_000)];
    const listed: string[] = [];
    for (;;) {
      const before = listed.at(-1);
      const page = await store.alarms({ limit: 1, ...(before === undefined ? {} : { before }) });
      if (page[0] === undefined) break;
      listed.push(page[0].alarmId);
    }
    expect(listed).toEqual([...early, ...late].reverse());
    expect(await store.alarms({ limit: 5, before: 'alarm-of-nobody' })).toEqual([]);
  });

  test('what follows within seconds joins the alarm that was raised last', async () => {
    await fileAt(1, noon);
    const second = await fileAt(2, noon - hour);
    expect(await fileAt(3, noon - hour + 5000)).toBe(second);
    expect(await store.alarms({ limit: 5 })).toHaveLength(2);
  });
});

test('alarms of before the numbers are numbered by their times', async () => {
  const ids = [await fileAt(1, noon), await fileAt(2, noon + hour)];
  const alarms = await store.alarms({ limit: 5 });
  await store.close();
  rmSync(folder, { recursive: true });
  folder = mkdtempSync(join(tmpdir(), 'alarm-numbers-before-'));
  await writeAsBefore(alarms);
  store = await open();
  ids.push(await fileAt(3, noon - hour));
  expect((await store.alarms({ limit: 5 })).map(({ alarmId }) => alarmId)).toEqual(ids.reverse());
});

/** The table of the last version that had no numbers, with these alarms. */
async function writeAsBefore(alarms: readonly AlarmView[]): Promise<void> {
  const { database, forMigrations } = openDatabase(await databaseIn(folder));
  const migrator = new Migrator({ db: forMigrations, provider: migrations });
  expect((await migrator.migrateTo('022-announcement-times')).error).toBeUndefined();
  for (const alarm of alarms) {
    const { alarmId, event, cameraId, state, raisedAtMs } = alarm;
    const body = JSON.stringify(alarm);
    await sql`insert into alarm (alarm_id, event_id, camera_id, rule_key, state, raised_at_ms, body)
      values (${alarmId}, ${event.eventId}, ${cameraId}, 'cam/rule', ${state}, ${raisedAtMs}, ${body})`.execute(
      database,
    );
  }
  await database.destroy();
}
