/** Reading the newest rules of a camera, inside or outside a transaction. */
import type { RulesView } from '../../contract/console-api.ts';
import type { CameraRules } from '../../contract/rule.ts';
import type { Connection } from './tables.ts';

/** Version 0 and no rules when none were saved yet. */
export async function newestRules(connection: Connection, cameraId: string): Promise<RulesView> {
  const row = await connection
    .selectFrom('rules')
    .select(['version', 'body'])
    .where('camera_id', '=', cameraId)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return { cameraId, rulesVersion: 0, rules: { schemaVersion: 1 } };
  return { cameraId, rulesVersion: row.version, rules: JSON.parse(row.body) as CameraRules };
}

/** The newest rules of each of the cameras that have any. */
export async function newestRulesOf(
  connection: Connection,
  cameraIds: readonly string[],
): Promise<ReadonlyMap<string, CameraRules>> {
  if (cameraIds.length === 0) return new Map();
  const rows = await connection
    .selectFrom('rules')
    .select(['camera_id', 'body'])
    .where('camera_id', 'in', [...cameraIds])
    .where(({ eb, ref, selectFrom }) =>
      eb(
        'version',
        '=',
        selectFrom('rules as newer')
          .select(({ fn }) => fn.max('newer.version').as('newest'))
          .whereRef('newer.camera_id', '=', ref('rules.camera_id')),
      ),
    )
    .execute();
  return new Map(rows.map((row) => [row.camera_id, JSON.parse(row.body) as CameraRules]));
}
