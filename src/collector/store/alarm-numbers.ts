/**
 * Alarms are numbered in the order in which they were raised, so that a clock that was put back puts no new alarm behind
 * old ones. Several collectors may give the same number at the same moment: then the id decides.
 */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Connection } from './tables.ts';

/** The last number that was given; 0 before the first. */
export async function lastAlarmNumber(connection: Connection): Promise<number> {
  const row = await connection
    .selectFrom('alarm')
    .select('number')
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return Number(row?.number ?? 0);
}

/** Alarms that are there already are numbered by their times. */
export const alarmNumbers: Migration = {
  up: async (database) => {
    await database.schema
      .alterTable('alarm')
      .addColumn('number', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute();
    await sql`update alarm set number = numbered.number
      from (select alarm_id, row_number() over (order by raised_at_ms, alarm_id) as number from alarm)
        as numbered
      where numbered.alarm_id = alarm.alarm_id`.execute(database);
    for (const [name, columns] of indexes)
      await database.schema
        .createIndex(name)
        .on('alarm')
        .columns([...columns])
        .execute();
    for (const name of ['alarm_by_rule', 'alarm_by_state'])
      await database.schema.dropIndex(name).execute();
  },
};

const indexes = [
  ['alarm_by_number', ['number', 'alarm_id']],
  ['alarm_by_rule_number', ['rule_key', 'number']],
  ['alarm_by_state_number', ['state', 'number', 'alarm_id']],
] as const;
