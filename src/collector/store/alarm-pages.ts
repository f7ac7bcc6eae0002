/** A page of the alarms, the newest first: by the order of their coming, so that no clock hides one. */
import type { Alarm } from '../alarms/alarm.ts';
import type { Store } from './store.ts';
import type { Connection } from './tables.ts';

type Query = Parameters<Store['alarms']>[0];

export async function readAlarmPage(
  connection: Connection,
  { states, cameraId, cameraIds, beforeMs, before, limit }: Query,
): Promise<readonly Alarm[]> {
  if (cameraIds?.size === 0) return [];
  let query = pageOf(connection, limit);
  if (states !== undefined) query = query.where('state', 'in', [...states]);
  if (cameraId !== undefined) query = query.where('camera_id', '=', cameraId);
  if (cameraIds !== undefined) query = query.where('camera_id', 'in', [...cameraIds]);
  if (beforeMs !== undefined) query = query.where('raised_at_ms', '<', beforeMs);
  if (before !== undefined) {
    const last = await placeOf(connection, before);
    if (last === undefined) return [];
    query = following(query, last);
  }
  const rows = await query.execute();
  return rows.map(({ body }) => JSON.parse(body) as Alarm);
}

type Page = ReturnType<typeof pageOf>;
type Place = Readonly<{ number: number; alarm_id: string }>;

function pageOf(connection: Connection, limit: number) {
  return connection
    .selectFrom('alarm')
    .select('body')
    .orderBy('number', 'desc')
    .orderBy('alarm_id', 'desc')
    .limit(limit);
}

/** Undefined when the alarm is gone. */
function placeOf(connection: Connection, alarmId: string): Promise<Place | undefined> {
  return connection
    .selectFrom('alarm')
    .select(['number', 'alarm_id'])
    .where('alarm_id', '=', alarmId)
    .executeTakeFirst();
}

function following(query: Page, last: Place): Page {
  return query.where((is) =>
    is.or([
      is('number', '<', last.number),
      is.and([is('number', '=', last.number), is('alarm_id', '<', last.alarm_id)]),
    ]),
  );
}
