/** For how long the rules of each camera could not have fired, as their edges told. A year of it is kept. */
import type { BlindReason } from '../../contract/blind-time.ts';
import type { Store } from './store.ts';
import type { Database } from './tables.ts';

type BlindStore = Pick<Store, 'recordBlindTime' | 'blindTime'>;

const keptMs = 365 * 86_400_000;

export function createBlindStore(database: Database, now: () => number): BlindStore {
  return {
    recordBlindTime: async ({ edgeId, entries }) => {
      const oldest = new Date(now() - keptMs).toISOString().slice(0, 10);
      await database.transaction().execute(async (connection) => {
        for (const { day, cameraId, ruleId = '', reason, seconds } of entries) {
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
        await connection.deleteFrom('blind_time').where('day', '<', oldest).execute();
      });
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
