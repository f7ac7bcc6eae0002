/** Calls to speakers that have been begun and not been ended: what a collector that comes back must end. */
import type { Migration } from 'kysely/migration';
import type { Store } from './store.ts';
import type { Database } from './tables.ts';

export function createOpenCallStore(
  database: Database,
): Pick<Store, 'keepCall' | 'forgetCall' | 'keptCalls'> {
  return {
    keepCall: async ({ callId, speakerId, openedAtMs, body }) => {
      await database
        .insertInto('open_call')
        .values({ call_id: callId, speaker_id: speakerId, opened_at_ms: openedAtMs, body })
        .onConflict((conflict) => conflict.column('call_id').doUpdateSet({ body }))
        .execute();
    },
    forgetCall: async (callId) => {
      await database.deleteFrom('open_call').where('call_id', '=', callId).execute();
    },
    keptCalls: async (speakerId) => {
      const rows = await database
        .selectFrom('open_call')
        .selectAll()
        .where('speaker_id', '=', speakerId)
        .orderBy('opened_at_ms')
        .execute();
      return rows.map((row) => ({
        callId: row.call_id,
        speakerId: row.speaker_id,
        openedAtMs: Number(row.opened_at_ms),
        body: row.body,
      }));
    },
  };
}

export const openCallTable: Migration = {
  up: async (database) => {
    await database.schema
      .createTable('open_call')
      .addColumn('call_id', 'text', (column) => column.primaryKey())
      .addColumn('speaker_id', 'text', (column) => column.notNull())
      .addColumn('opened_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .execute();
  },
};
