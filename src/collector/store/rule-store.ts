/** The rules of each camera, every version of them. */
import { tellCamera } from './directory-store.ts';
import type { FeedStore } from './feed-store.ts';
import { newestRules } from './rule-rows.ts';
import type { CameraPlace, Store } from './store.ts';
import type { Database } from './tables.ts';

export type RuleStore = Pick<Store, 'rules' | 'rulesVersions' | 'saveRules' | 'allRules'>;

type Parts = Readonly<{
  database: Database;
  places: ReadonlyMap<string, CameraPlace>;
  feed: FeedStore;
}>;

export function createRuleStore({ database, places, feed }: Parts): RuleStore {
  return {
    rules: (cameraId) => newestRules(database, cameraId),
    rulesVersions: async (cameraIds) => {
      if (cameraIds.length === 0) return new Map();
      const rows = await database
        .selectFrom('rules')
        .select(({ fn }) => ['camera_id', fn.max('version').as('newest')])
        .where('camera_id', 'in', [...cameraIds])
        .groupBy('camera_id')
        .execute();
      return new Map(rows.map((row) => [row.camera_id, Number(row.newest)]));
    },
    saveRules: (cameraId, rules, basedOnVersion, by, nowMs) =>
      feed.write(async (connection, tell) => {
        const { rulesVersion: currentVersion } = await newestRules(connection, cameraId);
        if (currentVersion !== basedOnVersion) return { ok: false, currentVersion } as const;
        const rulesVersion = currentVersion + 1;
        await connection
          .insertInto('rules')
          .values({
            camera_id: cameraId,
            version: rulesVersion,
            saved_by: by,
            saved_at_ms: nowMs,
            body: JSON.stringify(rules),
          })
          .execute();
        await tellCamera({ connection, places, tell }, cameraId, nowMs);
        return { ok: true, saved: { cameraId, rulesVersion, rules } } as const;
      }),
    allRules: async () => {
      const cameras = await database.selectFrom('rules').select('camera_id').distinct().execute();
      return Promise.all(cameras.map(({ camera_id: cameraId }) => newestRules(database, cameraId)));
    },
  };
}
