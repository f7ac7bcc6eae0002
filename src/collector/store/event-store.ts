/** Events as they arrive: each once, with the alarm that the policy makes of it, in one transaction. */
import type { RuleEvent } from '../../contract/rule-event.ts';
import { readAlarm, tellChange } from './alarm-store.ts';
import type { FeedStore } from './feed-store.ts';
import { fileBatch } from './file-batch.ts';
import type { CameraPlace, Store } from './store.ts';
import type { Database } from './tables.ts';

export type EventStore = Pick<
  Store,
  'fileEvents' | 'quarantine' | 'saveSnapshot' | 'snapshot' | 'event' | 'events'
>;

type Places = ReadonlyMap<string, CameraPlace>;
type Parts = Readonly<{ database: Database; places: Places; feed: FeedStore }>;
export function createEventStore({ database, places, feed }: Parts): EventStore {
  return {
    fileEvents: (events, decide, nowMs) =>
      feed.write((connection, tell) =>
        fileBatch({ connection, tell, places, nowMs }, events, decide),
      ),
    quarantine: async ({ topic, payload, reason, atMs }) => {
      await database
        .insertInto('quarantine')
        .values({ topic, payload, reason, at_ms: atMs })
        .execute();
    },
    saveSnapshot: (eventId, jpeg, nowMs) =>
      feed.write(async (connection, tell) => {
        const values = { event_id: eventId, received_at_ms: nowMs, jpeg };
        await connection
          .insertInto('snapshot')
          .values(values)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        const row = await connection
          .selectFrom('alarm')
          .select('body')
          .where('event_id', '=', eventId)
          .executeTakeFirst();
        if (row !== undefined)
          await tellChange({ connection, places, tell }, readAlarm(row.body), nowMs);
      }),
    snapshot: async (eventId) => {
      const row = await database
        .selectFrom('snapshot')
        .select('jpeg')
        .where('event_id', '=', eventId)
        .executeTakeFirst();
      return row?.jpeg;
    },
    event: async (eventId) => {
      const row = await database
        .selectFrom('event')
        .select('body')
        .where('event_id', '=', eventId)
        .executeTakeFirst();
      return row === undefined ? undefined : (JSON.parse(row.body) as RuleEvent);
    },
    events: async ({ cameraId, beforeMs, limit }) => {
      let query = database
        .selectFrom('event')
        .select('body')
        .orderBy('captured_at_ms', 'desc')
        .limit(limit);
      if (cameraId !== undefined) query = query.where('camera_id', '=', cameraId);
      if (beforeMs !== undefined) query = query.where('captured_at_ms', '<', beforeMs);
      return (await query.execute()).map(({ body }) => JSON.parse(body) as RuleEvent);
    },
  };
}
