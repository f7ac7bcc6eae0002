/** Which clips the centre has, and of which events; the clips themselves are files. */
import type { Migration } from 'kysely/migration';
import { readAlarm, tellChange } from './alarm-store.ts';
import type { ClipStore, StoredClip } from './clip.ts';
import type { FeedStore } from './feed-store.ts';
import type { CameraPlace } from './store.ts';
import type { Database } from './tables.ts';

type Parts = Readonly<{
  database: Database;
  places: ReadonlyMap<string, CameraPlace>;
  feed: FeedStore;
}>;

export function createClipStore({ database, places, feed }: Parts): ClipStore {
  return {
    saveClip: createSaving({ database, places, feed }),
    hasClip: async (clipId) => {
      const row = await database
        .selectFrom('clip')
        .select('clip_id')
        .where('clip_id', '=', clipId)
        .executeTakeFirst();
      return row !== undefined;
    },
    clipOfEvent: async (eventId) => {
      const row = await database
        .selectFrom('clip_event')
        .innerJoin('clip', 'clip.clip_id', 'clip_event.clip_id')
        .innerJoin('event', 'event.event_id', 'clip_event.event_id')
        .select(['clip.clip_id', 'clip.bytes', 'clip.received_at_ms'])
        .where('clip_event.event_id', '=', eventId)
        .whereRef('clip.edge_id', '=', 'event.edge_id')
        .whereRef('clip.camera_id', '=', 'event.camera_id')
        .orderBy('clip.received_at_ms', 'desc')
        .executeTakeFirst();
      return row === undefined ? undefined : toClip(row);
    },
    clips: async () => {
      const held = await database
        .selectFrom('hold')
        .innerJoin('clip_event', 'clip_event.event_id', 'hold.event_id')
        .select('clip_event.clip_id')
        .execute();
      const heldIds = new Set(held.map(({ clip_id }) => clip_id));
      const rows = await database
        .selectFrom('clip')
        .select(['clip_id', 'bytes', 'received_at_ms', 'place'])
        .orderBy('received_at_ms')
        .execute();
      return rows.map((row) => ({
        ...toClip(row),
        held: heldIds.has(row.clip_id),
        ...(row.place === null ? {} : { place: row.place }),
      }));
    },
    placeClip: async (clipId, place) => {
      await database.updateTable('clip').set({ place }).where('clip_id', '=', clipId).execute();
    },
    forgetClip: (clipId) =>
      database.transaction().execute(async (connection) => {
        await connection.deleteFrom('clip_event').where('clip_id', '=', clipId).execute();
        await connection.deleteFrom('clip').where('clip_id', '=', clipId).execute();
      }),
  };
}

function createSaving({ places, feed }: Parts): ClipStore['saveClip'] {
  return (edgeId, clip, nowMs, place) =>
    feed.write(async (connection, tell) => {
      const { clipId, cameraId, eventIds, startedAtMs, durationMs, bytes, sha256 } = clip;
      await connection
        .insertInto('clip')
        .values({
          ...{ clip_id: clipId, edge_id: edgeId, camera_id: cameraId },
          ...{ started_at_ms: startedAtMs, duration_ms: durationMs, bytes, sha256 },
          received_at_ms: nowMs,
          place: place ?? null,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await connection
        .insertInto('clip_event')
        .values([...new Set(eventIds)].map((event_id) => ({ event_id, clip_id: clipId })))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const alarms = await connection
        .selectFrom('alarm')
        .select('body')
        .where('event_id', 'in', eventIds)
        .execute();
      for (const { body } of alarms)
        await tellChange({ connection, places, tell }, readAlarm(body), nowMs);
    });
}

function toClip(row: { clip_id: string; bytes: number; received_at_ms: number }): StoredClip {
  return {
    clipId: row.clip_id,
    bytes: Number(row.bytes),
    receivedAtMs: Number(row.received_at_ms),
  };
}

/** Where the file of a clip is: several collectors may have folders of their own. */
export const clipPlaces: Migration = {
  up: async (database) => {
    for (const table of ['clip', 'deleted_item'])
      await database.schema.alterTable(table).addColumn('place', 'text').execute();
  },
};
