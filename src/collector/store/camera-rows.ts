/** What edges report of their cameras, as rows. */
import type { CameraHealth, EdgeHealth } from '../../contract/edge-report.ts';
import type { Connection } from './tables.ts';

export async function saveCameras(
  connection: Connection,
  edgeId: string,
  cameras: readonly CameraHealth[],
): Promise<void> {
  if (cameras.length === 0) return;
  // A camera that is named twice counts as it was named last.
  const byId = new Map(cameras.map((camera) => [camera.cameraId, JSON.stringify(camera)]));
  await connection
    .insertInto('camera')
    .values([...byId].map(([cameraId, body]) => ({ camera_id: cameraId, edge_id: edgeId, body })))
    .onConflict((conflict) =>
      conflict.column('camera_id').doUpdateSet(({ ref }) => ({
        edge_id: ref('excluded.edge_id'),
        body: ref('excluded.body'),
      })),
    )
    .execute();
}

/** Those that the same edge has reported before, with nothing different but how fast and how fresh the pictures are. */
export async function unchangedCameras(
  connection: Connection,
  { edgeId, cameras }: EdgeHealth,
): Promise<ReadonlySet<string>> {
  if (cameras.length === 0) return new Set();
  const rows = await connection
    .selectFrom('camera')
    .selectAll()
    .where(
      'camera_id',
      'in',
      cameras.map(({ cameraId }) => cameraId),
    )
    .where('edge_id', '=', edgeId)
    .execute();
  const said = ({ frameAgeMs: _, analysedPerSecond: __, ...camera }: CameraHealth): string =>
    JSON.stringify(camera);
  const before = new Map(
    rows.map((row) => [row.camera_id, said(JSON.parse(row.body) as CameraHealth)]),
  );
  const unchanged = cameras.filter((camera) => before.get(camera.cameraId) === said(camera));
  return new Set(unchanged.map(({ cameraId }) => cameraId));
}
