/** Deletes what is named, looks at the holds again while it does, and writes down what went. */
import type { DataClass } from '../retention/retention-rules.ts';
import type { DeletionReason } from './retention.ts';
import type { Connection } from './tables.ts';
import { clipMayGo, eventMayGo, snapshotMayGo } from './undeletable.ts';

type Gone = Readonly<{
  id: string | number;
  camera_id?: string | null | undefined;
  at_ms: number;
  place?: string | null;
}>;

export async function removeItems(
  connection: Connection,
  dataClass: DataClass,
  ids: readonly string[],
  why: DeletionReason,
): Promise<number> {
  if (ids.length === 0) return 0;
  const gone = await remove(connection, dataClass, ids);
  if (gone.length === 0) return 0;
  await connection
    .insertInto('deleted_item')
    .values(
      gone.map(({ id, camera_id, at_ms, place }) => ({
        ...{ class: dataClass, item_id: String(id), camera_id: camera_id ?? null },
        ...{ stored_at_ms: Number(at_ms), why, file_left: dataClass === 'clips' ? 1 : 0 },
        place: place ?? null,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['class', 'item_id']).doUpdateSet(({ ref }) => ({
        file_left: ref('excluded.file_left'),
        place: ref('excluded.place'),
      })),
    )
    .execute();
  return gone.length;
}

function remove(
  connection: Connection,
  dataClass: DataClass,
  ids: readonly string[],
): Promise<readonly Gone[]> {
  switch (dataClass) {
    case 'events':
      return removeEvents(connection, ids);
    case 'snapshots':
      return removeSnapshots(connection, ids);
    case 'clips':
      return removeClips(connection, ids);
    case 'quarantine':
      return connection
        .deleteFrom('quarantine')
        .where('quarantine_id', 'in', ids.map(Number))
        .returning(['quarantine_id as id', 'at_ms'])
        .execute();
    case 'feed':
      return connection
        .deleteFrom('feed')
        .where('feed_id', 'in', ids.map(Number))
        .returning(['feed_id as id', 'at_ms'])
        .execute();
    case 'sessions':
      return connection
        .deleteFrom('session')
        .where('session_id', 'in', [...ids])
        .returning(['session_id as id', 'expires_at_ms as at_ms'])
        .execute();
    default:
      return dataClass satisfies never;
  }
}

/** With their alarms and what was said about them. */
async function removeEvents(
  connection: Connection,
  ids: readonly string[],
): Promise<readonly Gone[]> {
  const rows = await connection
    .deleteFrom('event')
    .where('event_id', 'in', [...ids])
    .where(eventMayGo)
    .returning(['event_id', 'edge_id', 'sequence', 'camera_id', 'received_at_ms'])
    .execute();
  if (rows.length === 0) return [];
  const alarms = await connection
    .deleteFrom('alarm')
    .where(
      'event_id',
      'in',
      rows.map(({ event_id }) => event_id),
    )
    .returning('alarm_id')
    .execute();
  if (alarms.length > 0)
    await connection
      .deleteFrom('announcement')
      .where(
        'alarm_id',
        'in',
        alarms.map(({ alarm_id }) => alarm_id),
      )
      .execute();
  await keepNumbers(connection, rows);
  return rows.map(({ event_id: id, camera_id, received_at_ms: at_ms }) => ({
    ...{ id, camera_id, at_ms },
  }));
}

/** An event that came and went must not look like one that never came. */
async function keepNumbers(
  connection: Connection,
  rows: readonly Readonly<{ edge_id: string; sequence: number }>[],
): Promise<void> {
  const edgeIds = [...new Set(rows.map(({ edge_id }) => edge_id))];
  const marks = await connection
    .selectFrom('sequence_mark')
    .selectAll()
    .where('edge_id', 'in', edgeIds)
    .execute();
  const accounted = new Map(marks.map((mark) => [mark.edge_id, Number(mark.accounted)]));
  const above = rows.filter(
    ({ edge_id, sequence }) => Number(sequence) > (accounted.get(edge_id) ?? 0),
  );
  if (above.length === 0) return;
  await connection
    .insertInto('sequence_settled')
    .values(above.map(({ edge_id, sequence }) => ({ edge_id, first: sequence, last: sequence })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function removeSnapshots(
  connection: Connection,
  ids: readonly string[],
): Promise<readonly Gone[]> {
  const rows = await connection
    .deleteFrom('snapshot')
    .where('event_id', 'in', [...ids])
    .where(snapshotMayGo)
    .returning(['event_id as id', 'received_at_ms as at_ms'])
    .execute();
  if (rows.length === 0) return [];
  const events = await connection
    .selectFrom('event')
    .select(['event_id', 'camera_id'])
    .where(
      'event_id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute();
  const cameras = new Map(events.map(({ event_id, camera_id }) => [event_id, camera_id]));
  return rows.map((row) => ({ ...row, camera_id: cameras.get(row.id) }));
}

async function removeClips(
  connection: Connection,
  ids: readonly string[],
): Promise<readonly Gone[]> {
  const rows = await connection
    .deleteFrom('clip')
    .where('clip_id', 'in', [...ids])
    .where(clipMayGo)
    .returning(['clip_id as id', 'camera_id', 'received_at_ms as at_ms', 'place'])
    .execute();
  if (rows.length > 0)
    await connection
      .deleteFrom('clip_event')
      .where(
        'clip_id',
        'in',
        rows.map(({ id }) => id),
      )
      .execute();
  return rows;
}
