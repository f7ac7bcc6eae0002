/** For how long the rules of each camera could not have fired, as their edges told. */
import type { BlindReason } from '../../contract/blind-time.ts';
import { holdersOf, isForeign } from './camera-holders.ts';
import type { Store } from './store.ts';
import type { Database } from './tables.ts';

type BlindStore = Pick<Store, 'recordBlindTime' | 'blindTime' | 'forgetBlindTime'>;

export function createBlindStore(database: Database): BlindStore {
  return {
    recordBlindTime: async ({ edgeId, entries }) => {
      await database.transaction().execute(async (connection) => {
        const cameraIds = entries.map(({ cameraId }) => cameraId);
        const holders = await holdersOf(connection, cameraIds);
        for (const { day, cameraId, ruleId = '', reason, seconds } of entries) {
          if (isForeign(holders, { cameraId, edgeId })) continue;
          const row = { day, camera_id: cameraId, rule_id: ruleId, reason, seconds };
          await connection
            .insertInto('blind_time')
            .values({ ...row, edge_id: edgeId })
            .onConflict((conflict) =>
              conflict
                .columns(['camera_id', 'day', 'rule_id', 'reason', 'edge_id'])
                .doUpdateSet({ seconds }),
            )
            .execute();
        }
      });
    },
    forgetBlindTime: async (beforeMs) => {
      const oldest = new Date(beforeMs).toISOString().slice(0, 10);
      const gone = await database
        .deleteFrom('blind_time')
        .where('day', '<', oldest)
        .executeTakeFirst();
      return Number(gone.numDeletedRows);
    },
    blindTime: async (cameraId, sinceDay) => {
      const rows = await database
        .selectFrom('blind_time')
        .select(['day', 'rule_id', 'reason'])
        .select(({ fn }) => fn.max('seconds').as('seconds'))
        .where('camera_id', '=', cameraId)
        .where('day', '>=', sinceDay)
        .groupBy(['day', 'rule_id', 'reason'])
        .orderBy('day', 'desc')
        .orderBy('rule_id')
        .orderBy('reason')
        .execute();
      return rows.map(({ day, rule_id: ruleId, reason, seconds }) => ({
        ...{ cameraId, day, reason: reason as BlindReason, seconds: Number(seconds) },
        ...(ruleId === '' ? {} : { ruleId }),
      }));
    },
  };
}
