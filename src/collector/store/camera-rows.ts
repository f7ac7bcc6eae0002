/** What edges report of their cameras, as rows. */
import type { Migration } from 'kysely/migration';
import type { CameraView } from '../../contract/console-api.ts';
import { CameraHealth, type EdgeHealth } from '../../contract/edge-report.ts';
import { because } from '../../contract/reason.ts';
import type { Connection } from './tables.ts';

const knownFields: ReadonlySet<string> = new Set(Object.keys(CameraHealth.properties));

/** What the contract names; anything else could stand in for what only the centre says, such as a speaker. */
export function withoutUnknown(camera: CameraHealth): CameraHealth {
  const known = Object.entries(camera).filter(([name]) => knownFields.has(name));
  return Object.fromEntries(known) as CameraHealth;
}

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

type Compared = Readonly<{
  /** Reported before by the same edge, with nothing different but how fast and how fresh the pictures are. */
  unchanged: ReadonlySet<string>;
  /** What the edge reported before and reports no longer, as it stands from now on. */
  removed: readonly RemovedCamera[];
}>;

/** Kept with the camera's last words: its alarms still name it. */
type RemovedCamera = CameraHealth & Readonly<{ removed: true }>;

export async function compareCameras(
  connection: Connection,
  { edgeId, atMs, cameras }: EdgeHealth,
): Promise<Compared> {
  const rows = await connection
    .selectFrom('camera')
    .selectAll()
    .where('edge_id', '=', edgeId)
    .execute();
  const said = ({ frameAgeMs: _, analysedPerSecond: __, ...camera }: CameraHealth): string =>
    JSON.stringify(camera);
  const before = new Map(
    rows.map((row) => [row.camera_id, JSON.parse(row.body) as CameraHealth | RemovedCamera]),
  );
  const unchanged = cameras.filter((camera) => {
    const known = before.get(camera.cameraId);
    return known !== undefined && said(known) === said(camera);
  });
  const named = new Set(cameras.map(({ cameraId }) => cameraId));
  const reason = because('camera-taken-out', { edgeId });
  const gone = { removed: true, state: 'offline', reason, stateSinceMs: atMs } as const;
  const removed = [...before.values()]
    .filter((camera) => !named.has(camera.cameraId) && !('removed' in camera))
    .map((camera) => ({ ...camera, ...gone, analysedPerSecond: 0 }));
  return { unchanged: new Set(unchanged.map(({ cameraId }) => cameraId)), removed };
}

/** Small changes of the frame rate are no news. */
export function isNews(before: CameraView | undefined, after: CameraView): boolean {
  const told = ({ analysedPerSecond: _, ...view }: CameraView): string => JSON.stringify(view);
  return before === undefined || told(before) !== told(after);
}

export const camerasByEdge: Migration = {
  up: async (database) => {
    await database.schema.createIndex('camera_by_edge').on('camera').column('edge_id').execute();
  },
};
