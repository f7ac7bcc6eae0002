/** Finds what is old enough to go. What is held, or has something younger hanging on it, is not even looked at. */
import { type Expression, type SqlBool, sql } from 'kysely';
import type { StoredItem } from '../retention/retention-rules.ts';
import type { Retention } from './retention.ts';
import type { Database } from './tables.ts';
import { clipMayGo, eventMayGo, snapshotMayGo } from './undeletable.ts';

type Arguments = Parameters<Retention['expiredItems']>;
type Found = Readonly<{ id: string | number; camera_id: string | null; at_ms: number }>;

export async function expiredItems(
  database: Database,
  ...[dataClass, group, beforeMs, limit]: Arguments
): Promise<readonly StoredItem[]> {
  const rows = await find(database, dataClass, group, beforeMs, limit);
  return rows.map(({ id, camera_id, at_ms }) => ({
    dataClass,
    id: String(id),
    ...(camera_id === null ? {} : { cameraId: camera_id }),
    storedAtMs: Number(at_ms),
    held: false,
  }));
}

function find(
  database: Database,
  ...[dataClass, group, beforeMs, limit]: Arguments
): Promise<readonly Found[]> {
  switch (dataClass) {
    case 'events':
      return database
        .selectFrom('event')
        .select(['event_id as id', 'camera_id', 'received_at_ms as at_ms'])
        .where('received_at_ms', '<', beforeMs)
        .where(eventMayGo)
        .where((build) => inGroup(build.ref('event.camera_id'), group))
        .orderBy('received_at_ms')
        .limit(limit)
        .execute();
    case 'snapshots':
      return database
        .selectFrom('snapshot')
        .leftJoin('event', 'event.event_id', 'snapshot.event_id')
        .select(['snapshot.event_id as id', 'event.camera_id', 'snapshot.received_at_ms as at_ms'])
        .where('snapshot.received_at_ms', '<', beforeMs)
        .where(snapshotMayGo)
        .where((build) => inGroup(build.ref('event.camera_id'), group))
        .orderBy('snapshot.received_at_ms')
        .limit(limit)
        .execute();
    case 'clips':
      return database
        .selectFrom('clip')
        .select(['clip_id as id', 'camera_id', 'received_at_ms as at_ms'])
        .where('received_at_ms', '<', beforeMs)
        .where(clipMayGo)
        .where((build) => inGroup(build.ref('clip.camera_id'), group))
        .orderBy('received_at_ms')
        .limit(limit)
        .execute();
    default:
      return findWithoutCamera(database, dataClass, beforeMs, limit);
  }
}

function findWithoutCamera(
  database: Database,
  dataClass: 'quarantine' | 'feed' | 'sessions',
  beforeMs: number,
  limit: number,
): Promise<readonly Found[]> {
  const nobody = sql<string | null>`null`.as('camera_id');
  switch (dataClass) {
    case 'quarantine':
      return database
        .selectFrom('quarantine')
        .select(['quarantine_id as id', nobody, 'at_ms'])
        .where('at_ms', '<', beforeMs)
        .orderBy('quarantine_id')
        .limit(limit)
        .execute();
    case 'feed':
      return (
        database
          .selectFrom('feed')
          .select(['feed_id as id', nobody, 'at_ms'])
          .where('at_ms', '<', beforeMs)
          // The newest stays: consoles go by its number.
          .where('feed_id', '<', ({ selectFrom }) =>
            selectFrom('feed as newest').select(({ fn }) => fn.max('newest.feed_id').as('id')),
          )
          .orderBy('feed_id')
          .limit(limit)
          .execute()
      );
    case 'sessions':
      return database
        .selectFrom('session')
        .select(['session_id as id', nobody, 'expires_at_ms as at_ms'])
        .where('expires_at_ms', '<', beforeMs)
        .orderBy('expires_at_ms')
        .limit(limit)
        .execute();
    default:
      return dataClass satisfies never;
  }
}

/** What names no camera is of nobody's. */
function inGroup(
  column: Expression<string | null>,
  { kind, cameraIds }: Arguments[1],
): Expression<SqlBool> {
  if (kind === 'these') return sql<SqlBool>`${column} in (${sql.join([...cameraIds])})`;
  if (kind === 'nobody') return sql<SqlBool>`${column} is null`;
  if (cameraIds.length === 0) return sql<SqlBool>`${column} is not null`;
  return sql<SqlBool>`${column} not in (${sql.join([...cameraIds])})`;
}
