/** Keeping and deleting as rows: what is old, what is held, and what has been deleted until the register has it. */
import type { DataClass } from '../retention/retention-rules.ts';
import { readAlarm, tellChange } from './alarm-store.ts';
import { append } from './audit-store.ts';
import { expiredItems } from './expired-items.ts';
import type { FeedStore } from './feed-store.ts';
import { removeItems } from './removed-items.ts';
import type { DeletedItem, DeletionReason, Hold, Retention } from './retention.ts';
import type { CameraPlace } from './store.ts';
import type { Connection, Database, Tables } from './tables.ts';

type Parts = Readonly<{
  database: Database;
  places: ReadonlyMap<string, CameraPlace>;
  feed: FeedStore;
}>;

export function createRetentionStore(parts: Parts): Retention {
  const { database } = parts;
  return {
    expiredItems: (...query) => expiredItems(database, ...query),
    removeItems: (dataClass, ids, why) =>
      database.transaction().execute((connection) => removeItems(connection, dataClass, ids, why)),
    clipFilesLeft: async (place) => {
      const rows = await database
        .selectFrom('deleted_item')
        .select('item_id')
        .where('class', '=', 'clips')
        .where('file_left', '=', 1)
        .where(({ eb, or }) => or([eb('place', 'is', null), eb('place', '=', place)]))
        .orderBy('item_id')
        .execute();
      return rows.map(({ item_id }) => item_id);
    },
    clipFileGone: async (clipId) => {
      await database
        .updateTable('deleted_item')
        .set({ file_left: 0 })
        .where('class', '=', 'clips')
        .where('item_id', '=', clipId)
        .execute();
    },
    certifyDeletions: (entryOf) =>
      database.transaction().execute((connection) => certify(connection, entryOf)),
    newestEventAtMs: async () => {
      const row = await database
        .selectFrom('event')
        .select('received_at_ms')
        .orderBy('received_at_ms', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? undefined : Number(row.received_at_ms);
    },
    ...holdsIn(parts),
  };
}

async function certify(
  connection: Connection,
  entryOf: Parameters<Retention['certifyDeletions']>[0],
): Promise<boolean> {
  const rows = await connection
    .deleteFrom('deleted_item')
    .where('file_left', '=', 0)
    .returningAll()
    .execute();
  if (rows.length === 0) return false;
  if (!(await append(connection, entryOf(rows.map(toDeletedItem)))))
    throw new Error('the register was written by another at the same time');
  return true;
}

function toDeletedItem(row: Tables['deleted_item']): DeletedItem {
  return {
    dataClass: row.class as DataClass,
    id: row.item_id,
    ...(row.camera_id === null ? {} : { cameraId: row.camera_id }),
    storedAtMs: Number(row.stored_at_ms),
    why: row.why as DeletionReason,
  };
}

function holdsIn(parts: Parts): Pick<Retention, 'holdEvent' | 'releaseEvent' | 'holds'> {
  const { database, feed } = parts;
  return {
    holdEvent: ({ eventId, reason, by, atMs }, nowMs) =>
      feed.write(async (connection, tell) => {
        const event = await connection
          .selectFrom('event')
          .select('camera_id')
          .where('event_id', '=', eventId)
          .executeTakeFirst();
        if (event === undefined) return false;
        await connection
          .insertInto('hold')
          .values({ event_id: eventId, ...event, reason, held_by: by, held_at_ms: atMs })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        await tellAlarm({ ...parts, connection, tell }, eventId, nowMs);
        return true;
      }),
    releaseEvent: (eventId, nowMs) =>
      feed.write(async (connection, tell) => {
        const released = await connection
          .deleteFrom('hold')
          .where('event_id', '=', eventId)
          .returning('event_id')
          .executeTakeFirst();
        if (released === undefined) return false;
        await tellAlarm({ ...parts, connection, tell }, eventId, nowMs);
        return true;
      }),
    holds: async (cameraIds) => {
      if (cameraIds?.size === 0) return [];
      let query = heldRows(database).orderBy('held_at_ms', 'desc');
      if (cameraIds !== undefined) query = query.where('hold.camera_id', 'in', [...cameraIds]);
      return (await query.execute()).map(toHold);
    },
  };
}

async function tellAlarm(
  { connection, places, tell }: Parameters<typeof tellChange>[0],
  eventId: string,
  nowMs: number,
): Promise<void> {
  const row = await connection
    .selectFrom('alarm')
    .select('body')
    .where('event_id', '=', eventId)
    .executeTakeFirst();
  if (row !== undefined) await tellChange({ connection, places, tell }, readAlarm(row.body), nowMs);
}

const heldRows = (database: Database) =>
  database
    .selectFrom('hold')
    .leftJoin('event', 'event.event_id', 'hold.event_id')
    .leftJoin('alarm', 'alarm.event_id', 'hold.event_id')
    .selectAll('hold')
    .select(['event.captured_at_ms', 'alarm.alarm_id']);

function toHold(
  row: Tables['hold'] & Readonly<{ captured_at_ms: number | null; alarm_id: string | null }>,
): Hold {
  return {
    eventId: row.event_id,
    cameraId: row.camera_id,
    ...(row.captured_at_ms === null ? {} : { capturedAtMs: Number(row.captured_at_ms) }),
    ...(row.alarm_id === null ? {} : { alarmId: row.alarm_id }),
    reason: row.reason,
    by: row.held_by,
    atMs: Number(row.held_at_ms),
  };
}
