/** Alarms whose announcement was said, and of which nobody has told what the person did then. */
import type { Migration } from 'kysely/migration';
import { readAlarm } from './alarm-store.ts';
import type { Store } from './store.ts';
import type { Database } from './tables.ts';

type UnansweredWarnings = Pick<Store, 'unansweredWarnings'>;

export function createUnansweredWarnings(database: Database): UnansweredWarnings {
  return {
    unansweredWarnings: async (saidAfterMs, saidBeforeMs) => {
      const rows = await database
        .selectFrom('announcement')
        .innerJoin('alarm', 'alarm.alarm_id', 'announcement.alarm_id')
        .select('alarm.body')
        .where('announcement.at_ms', '>=', saidAfterMs)
        .where('announcement.at_ms', '<', saidBeforeMs)
        .where('announcement.state', 'in', ['sent', 'answered', 'played'])
        .execute();
      return rows.map(({ body }) => readAlarm(body)).filter(({ warning }) => warning === undefined);
    },
  };
}

export const announcementTimes: Migration = {
  up: async (database) => {
    await database.schema
      .createIndex('announcement_by_time')
      .on('announcement')
      .column('at_ms')
      .execute();
  },
};
