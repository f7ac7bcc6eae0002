/** Edges and cameras: what they say about themselves, joined to where the configuration says they stand. */

import type { CameraView, EdgeView } from '../../contract/console-api.ts';
import type { CameraHealth, EdgeHealth, EdgeStatus } from '../../contract/edge-report.ts';
import { because } from '../../contract/reason.ts';
import { ownPart } from './camera-holders.ts';
import { compareCameras, isNews, saveCameras } from './camera-rows.ts';
import { saveEdge } from './edge-rows.ts';
import type { FeedStore, FeedWriter } from './feed-store.ts';
import { newestRules } from './rule-rows.ts';
import type { CameraPlace, Store } from './store.ts';
import type { Connection, Database } from './tables.ts';

export type DirectoryStore = Pick<
  Store,
  | 'recordStatus'
  | 'recordStatuses'
  | 'recordHealth'
  | 'recordHealths'
  | 'edges'
  | 'cameras'
  | 'camera'
>;

type Places = ReadonlyMap<string, CameraPlace>;
type Parts = Readonly<{ database: Database; places: Places; feed: FeedStore; now: () => number }>;
type Telling = Readonly<{ connection: Connection; places: Places; tell: FeedWriter }>;

export function createDirectoryStore({ database, places, feed, now }: Parts): DirectoryStore {
  const recordHealths: Store['recordHealths'] = (healths) =>
    feed.write(async (connection, tell) => {
      for (const health of healths) {
        await recordHealth({ connection, places, tell }, health, now());
      }
    });
  const recordStatuses: Store['recordStatuses'] = (statuses) =>
    feed.write(async (connection, tell) => {
      for (const status of statuses) {
        await recordStatus({ connection, places, tell }, status, now());
      }
    });
  return {
    recordStatus: (status) => recordStatuses([status]),
    recordStatuses,
    recordHealth: (health) => recordHealths([health]),
    recordHealths,
    edges: (cameraIds) => edgesWith(database, cameraIds),
    cameras: async () => {
      const rows = await database
        .selectFrom('camera')
        .select('camera_id')
        .orderBy('camera_id')
        .execute();
      const ids = new Set([...places.keys(), ...rows.map((row) => row.camera_id)]);
      const views = await Promise.all(
        [...ids].map((id) => cameraView({ connection: database, places }, id)),
      );
      return views.filter(
        (view) => view !== undefined && (view.removed !== true || places.has(view.cameraId)),
      ) as CameraView[];
    },
    camera: (cameraId) => cameraView({ connection: database, places }, cameraId),
  };
}

async function recordStatus(
  telling: Telling,
  { edgeId, bootId, online, sinceMs }: EdgeStatus,
  nowMs: number,
): Promise<void> {
  const { connection, tell } = telling;
  // Fields that nobody has checked go no further.
  const status = { edgeId, bootId, online, sinceMs };
  const known = await findEdge(connection, status.edgeId);
  // The will of an earlier life must not darken the edge that is back already.
  if (!status.online && known !== undefined && known.boot_id !== status.bootId) return;
  // Why a box is cut off may be that its broker's certificate has run out.
  const endsAtMs = known?.certificate_ends_at_ms ?? null;
  await saveEdge(connection, {
    ...status,
    outboxRows: known?.outbox_rows ?? 0,
    ...(endsAtMs === null ? {} : { certificateEndsAtMs: Number(endsAtMs) }),
  });
  if (known?.online === Number(status.online) && known.boot_id === status.bootId) return;
  const edge = await edgeView(connection, status.edgeId);
  await tell({ kind: 'edge-changed', edge, atMs: nowMs });
  await tellCamerasOf(telling, status.edgeId, nowMs);
}

async function recordHealth(telling: Telling, told: EdgeHealth, nowMs: number): Promise<void> {
  const { connection, tell } = telling;
  const health = await ownPart(connection, told);
  const known = await findEdge(connection, health.edgeId);
  const sinceMs = known?.online === 1 ? Number(known.since_ms) : health.atMs;
  const { unchanged, removed } = await compareCameras(connection, health);
  await saveEdge(connection, { ...health, online: true, sinceMs });
  if (isEdgeNews(known, health)) {
    const edge = await edgeView(connection, health.edgeId);
    await tell({ kind: 'edge-changed', edge, atMs: nowMs });
  }
  // Nearly every health says what the one before it said: then nobody has to be told, and one statement keeps it.
  const wasOnline = known?.online === 1;
  const silent = health.cameras.filter(({ cameraId }) => wasOnline && unchanged.has(cameraId));
  await saveCameras(connection, health.edgeId, silent);
  for (const camera of health.cameras) {
    if (silent.includes(camera)) continue;
    const before = await cameraView(telling, camera.cameraId);
    await saveCameras(connection, health.edgeId, [camera]);
    const after = await cameraView(telling, camera.cameraId);
    if (after !== undefined && isNews(before, after))
      await tell({ kind: 'camera-changed', camera: after, atMs: nowMs });
  }
  await saveCameras(connection, health.edgeId, removed);
  for (const { cameraId } of removed) await tellCamera(telling, cameraId, nowMs);
}

async function edgesWith(
  connection: Connection,
  cameraIds: ReadonlySet<string> | undefined,
): Promise<readonly EdgeView[]> {
  if (cameraIds?.size === 0) return [];
  let query = connection.selectFrom('edge').selectAll().orderBy('edge_id');
  if (cameraIds !== undefined) {
    query = query.where('edge_id', 'in', ({ selectFrom }) =>
      selectFrom('camera')
        .select('edge_id')
        .where('camera_id', 'in', [...cameraIds]),
    );
  }
  return (await query.execute()).map(toEdgeView);
}

function isEdgeNews(
  known:
    | Readonly<{
        online: number;
        storage_fault: string | null;
        certificate_ends_at_ms: number | null;
      }>
    | undefined,
  health: EdgeHealth,
): boolean {
  if (known?.online !== 1) return true;
  const endsAtMs = known.certificate_ends_at_ms;
  return (
    known.storage_fault !== (health.storageFault ?? null) ||
    (endsAtMs === null ? undefined : Number(endsAtMs)) !== health.certificateEndsAtMs
  );
}

/** Puts the camera on the feed as it stands now, if anything is known about it. */
export async function tellCamera(
  { connection, places, tell }: Telling,
  cameraId: string,
  atMs: number,
): Promise<void> {
  const camera = await cameraView({ connection, places }, cameraId);
  if (camera !== undefined) await tell({ kind: 'camera-changed', camera, atMs });
}

async function tellCamerasOf(telling: Telling, edgeId: string, atMs: number): Promise<void> {
  const rows = await telling.connection
    .selectFrom('camera')
    .select('camera_id')
    .where('edge_id', '=', edgeId)
    .execute();
  for (const row of rows) await tellCamera(telling, row.camera_id, atMs);
}

function findEdge(connection: Connection, edgeId: string) {
  return connection.selectFrom('edge').selectAll().where('edge_id', '=', edgeId).executeTakeFirst();
}

async function edgeView(connection: Connection, edgeId: string): Promise<EdgeView> {
  const row = await findEdge(connection, edgeId);
  if (row === undefined) throw new Error(`edge ${edgeId} is not in the table`);
  return toEdgeView(row);
}

function toEdgeView(row: {
  edge_id: string;
  online: number;
  since_ms: number;
  outbox_rows: number;
  storage_fault: string | null;
  certificate_ends_at_ms: number | null;
}): EdgeView {
  return {
    edgeId: row.edge_id,
    online: row.online === 1,
    sinceMs: Number(row.since_ms),
    outboxRows: row.outbox_rows,
    ...(row.storage_fault === null ? {} : { storageFault: row.storage_fault }),
    ...(row.certificate_ends_at_ms === null
      ? {}
      : { certificateEndsAtMs: Number(row.certificate_ends_at_ms) }),
  };
}

/** Undefined when no edge has reported the camera. */
async function cameraView(
  { connection, places }: Omit<Telling, 'tell'>,
  cameraId: string,
): Promise<CameraView | undefined> {
  const row = await connection
    .selectFrom('camera')
    .selectAll()
    .where('camera_id', '=', cameraId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const edge = await findEdge(connection, row.edge_id);
  const { rulesVersion } = await newestRules(connection, cameraId);
  const { rules, frameAgeMs: _, ...health } = JSON.parse(row.body) as CameraHealth;
  const unreachable = {
    state: 'offline',
    reason: because('edge-unreachable', { edgeId: row.edge_id }),
  } as const;
  return {
    ...health,
    ...(edge?.online === 1
      ? {}
      : { ...unreachable, stateSinceMs: Number(edge?.since_ms ?? health.stateSinceMs) }),
    ...places.get(cameraId),
    edgeId: row.edge_id,
    savedRulesVersion: rulesVersion,
    appliedRulesVersion: rules.appliedVersion,
    ...(rules.refused === undefined ? {} : { refusedRules: rules.refused }),
  };
}
