/**
 * Which edge a camera belongs to: the one that reported it last, for as long as that one is there and has it. Another that
 * names it meanwhile is not believed, whether it was set up by mistake or is hostile; when the holder is away or has taken
 * the camera out, another may take it over.
 */
import type { EdgeHealth } from '../../contract/edge-report.ts';
import { because } from '../../contract/reason.ts';
import { withoutUnknown } from './camera-rows.ts';
import type { Connection } from './tables.ts';

/** By camera, those that belong to an edge which is there; `edgeId` is that edge. */
export async function holdersOf(
  connection: Connection,
  cameraIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (cameraIds.length === 0) return new Map();
  const rows = await connection
    .selectFrom('camera')
    .innerJoin('edge', 'edge.edge_id', 'camera.edge_id')
    .select(['camera.camera_id', 'camera.edge_id', 'camera.body'])
    .where('camera.camera_id', 'in', [...new Set(cameraIds)])
    .where('edge.online', '=', 1)
    .execute();
  const held = rows.filter(({ body }) => !('removed' in JSON.parse(body)));
  return new Map(held.map((row) => [row.camera_id, row.edge_id]));
}

/** Whether the camera belongs to another edge than this one. */
export function isForeign(
  holders: ReadonlyMap<string, string>,
  { cameraId, edgeId }: Readonly<{ cameraId: string; edgeId: string }>,
): boolean {
  const holder = holders.get(cameraId);
  return holder !== undefined && holder !== edgeId;
}

/** Without the cameras of other edges; that it names them is said at the box. */
export async function ownPart(connection: Connection, health: EdgeHealth): Promise<EdgeHealth> {
  const { edgeId } = health;
  const holders = await holdersOf(
    connection,
    health.cameras.map(({ cameraId }) => cameraId),
  );
  const foreign = health.cameras.find(({ cameraId }) => isForeign(holders, { cameraId, edgeId }));
  const cameras = health.cameras
    .filter(({ cameraId }) => !isForeign(holders, { cameraId, edgeId }))
    .map(withoutUnknown);
  if (foreign === undefined) return { ...health, cameras };
  const { cameraId } = foreign;
  const holder = holders.get(cameraId) ?? '';
  const heldElsewhere = because('camera-held-elsewhere', { cameraId, edgeId: holder });
  // A disk that loses events is graver, and is told first.
  return { ...health, cameras, storageFault: health.storageFault ?? heldElsewhere };
}
