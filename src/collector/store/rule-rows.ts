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
