/** Alarms and announcements: read by the console, changed by the alarm's life and by the speakers. */
import type { Alarm, AnnouncementOrder } from '../alarms/alarm.ts';
import { readAlarmPage } from './alarm-pages.ts';
import { toView, toViews, updateAlarm } from './alarm-rows.ts';
import type { FeedStore, FeedWriter } from './feed-store.ts';
import type { CameraPlace, Store } from './store.ts';
import type { Connection, Database } from './tables.ts';

export type AlarmStore = Pick<
  Store,
  | 'alarms'
  | 'alarm'
  | 'changeAlarm'
  | 'claimAnnouncement'
  | 'finishAnnouncement'
  | 'queuedAnnouncements'
  | 'finishAbandoned'
>;

type Parts = Readonly<{
  database: Database;
  places: ReadonlyMap<string, CameraPlace>;
  feed: FeedStore;
}>;

export function createAlarmStore({ database, places, feed }: Parts): AlarmStore {
  return {
    alarms: async (query) =>
      toViews({ connection: database, places }, await readAlarmPage(database, query)),
    alarm: async (alarmId) => {
      const alarm = await findAlarm(database, alarmId);
      return alarm === undefined ? undefined : toView({ connection: database, places }, alarm);
    },
    changeAlarm: (alarmId, change, nowMs) =>
      feed.write(async (connection, tell) => {
        const alarm = await findAlarm(connection, alarmId);
        if (alarm === undefined) return undefined;
        const changed = change(alarm);
        if (changed === undefined) return toView({ connection, places }, alarm);
        await updateAlarm(connection, changed);
        return tellChange({ connection, places, tell }, changed, nowMs);
      }),
    claimAnnouncement: (announcementId, nowMs) =>
      changeAnnouncement(
        { places, feed },
        announcementId,
        ['queued'],
        { state: 'speaking', at_ms: nowMs },
        nowMs,
      ),
    finishAnnouncement: async (announcementId, state, reason, nowMs) => {
      const values = { state, at_ms: nowMs, reason: reason ?? null };
      await changeAnnouncement(
        { places, feed },
        announcementId,
        ['queued', 'speaking'],
        values,
        nowMs,
      );
    },
    finishAbandoned: (...order) => finishAbandoned({ database, places, feed }, ...order),
    queuedAnnouncements: async () => {
      const rows = await database
        .selectFrom('announcement')
        .select('body')
        .where('state', '=', 'queued')
        .orderBy('at_ms')
        .execute();
      return rows.map(({ body }) => JSON.parse(body) as AnnouncementOrder);
    },
  };
}

async function finishAbandoned(
  { database, places, feed }: Parts,
  claimedBeforeMs: number,
  reason: string,
  nowMs: number,
): Promise<void> {
  const rows = await database
    .selectFrom('announcement')
    .select('announcement_id')
    .where('state', '=', 'speaking')
    .where('at_ms', '<', claimedBeforeMs)
    .execute();
  const values = { state: 'failed', at_ms: nowMs, reason };
  for (const { announcement_id: id } of rows)
    await changeAnnouncement({ places, feed }, id, ['speaking'], values, nowMs);
}

export function readAlarm(body: string): Alarm {
  return JSON.parse(body) as Alarm;
}

async function findAlarm(connection: Connection, alarmId: string): Promise<Alarm | undefined> {
  const row = await connection
    .selectFrom('alarm')
    .select('body')
    .where('alarm_id', '=', alarmId)
    .executeTakeFirst();
  return row === undefined ? undefined : readAlarm(row.body);
}

/** True when the row was in one of the states and has been changed; then the console is told. */
function changeAnnouncement(
  { places, feed }: Pick<Parts, 'places' | 'feed'>,
  announcementId: string,
  from: readonly string[],
  values: Readonly<{ state: string; at_ms: number; reason?: string | null }>,
  nowMs: number,
): Promise<boolean> {
  return feed.write(async (connection, tell) => {
    const row = await connection
      .updateTable('announcement')
      .set(values)
      .where('announcement_id', '=', announcementId)
      .where('state', 'in', [...from])
      .returning('alarm_id')
      .executeTakeFirst();
    if (row === undefined) return false;
    const alarm = await findAlarm(connection, row.alarm_id);
    if (alarm !== undefined) await tellChange({ connection, places, tell }, alarm, nowMs);
    return true;
  });
}

export async function tellChange(
  {
    connection,
    places,
    tell,
  }: Readonly<{
    connection: Connection;
    places: ReadonlyMap<string, CameraPlace>;
    tell: FeedWriter;
  }>,
  alarm: Alarm,
  atMs: number,
) {
  const view = await toView({ connection, places }, alarm);
  await tell({ kind: 'alarm-changed', alarm: view, atMs });
  return view;
}
