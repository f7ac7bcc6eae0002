/** Alarms and their announcements as rows, and as the console sees them. */
import type { AlarmView, AnnouncementView } from '../../contract/console-api.ts';
import type { RuleEvent } from '../../contract/rule-event.ts';
import type { Alarm, AnnouncementOrder } from '../alarms/alarm.ts';
import { wasSaid } from '../alarms/warning.ts';
import { lastAlarmNumber } from './alarm-numbers.ts';
import type { CameraPlace } from './store.ts';
import type { Connection } from './tables.ts';

/** What alarms of the same camera and rule have in common. */
export function ruleKeyOf(event: RuleEvent): string {
  return `${event.cameraId}/${'ruleId' in event ? event.ruleId : event.kind}`;
}

/** Writes each as it stands now, whether it was there or not. */
export async function saveAlarms(connection: Connection, alarms: readonly Alarm[]): Promise<void> {
  if (alarms.length === 0) return;
  const last = await lastAlarmNumber(connection);
  const rows = alarms.map((alarm, at) => ({
    alarm_id: alarm.alarmId,
    event_id: alarm.event.eventId,
    camera_id: alarm.cameraId,
    rule_key: ruleKeyOf(alarm.event),
    state: alarm.state,
    raised_at_ms: alarm.raisedAtMs,
    // One that was there already keeps its own.
    number: last + 1 + at,
    body: JSON.stringify(alarm),
  }));
  await connection
    .insertInto('alarm')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('alarm_id').doUpdateSet(({ ref }) => ({
        state: ref('excluded.state'),
        body: ref('excluded.body'),
      })),
    )
    .execute();
}

export async function updateAlarm(connection: Connection, alarm: Alarm): Promise<void> {
  await connection
    .updateTable('alarm')
    .set({ state: alarm.state, body: JSON.stringify(alarm) })
    .where('alarm_id', '=', alarm.alarmId)
    .execute();
}

export async function insertAnnouncements(
  connection: Connection,
  orders: readonly AnnouncementOrder[],
): Promise<void> {
  if (orders.length === 0) return;
  const rows = orders.map((order) => {
    const { announcement } = order;
    return {
      announcement_id: order.announcementId,
      alarm_id: order.alarmId,
      speaker_id: order.speakerId,
      state: 'queued',
      wording: announcement.kind === 'speech' ? announcement.text : announcement.name,
      at_ms: order.orderedAtMs,
      reason: null,
      body: JSON.stringify(order),
    };
  });
  await connection.insertInto('announcement').values(rows).execute();
}

type ViewParts = Readonly<{ connection: Connection; places: ReadonlyMap<string, CameraPlace> }>;

/** The alarms as views, in the same order. */
export async function toViews(
  { connection, places }: ViewParts,
  alarms: readonly Alarm[],
): Promise<readonly AlarmView[]> {
  if (alarms.length === 0) return [];
  const eventIds = alarms.map(({ event }) => event.eventId);
  const alarmIds = alarms.map(({ alarmId }) => alarmId);
  const cameraIds = [...new Set(alarms.map(({ cameraId }) => cameraId))];
  const snapshots = await connection
    .selectFrom('snapshot')
    .select('event_id')
    .where('event_id', 'in', eventIds)
    .execute();
  const clips = await connection
    .selectFrom('clip_event')
    .select('event_id')
    .where('event_id', 'in', eventIds)
    .execute();
  const announcements = await connection
    .selectFrom('announcement')
    .selectAll()
    .where('alarm_id', 'in', alarmIds)
    .execute();
  const cameras = await connection
    .selectFrom('camera')
    .select(['camera_id', 'body'])
    .where('camera_id', 'in', cameraIds)
    .execute();

  const withSnapshot = new Set(snapshots.map((row) => row.event_id));
  const withClip = new Set(clips.map((row) => row.event_id));
  const held = await holdsOf(connection, eventIds);
  const announced = new Map(announcements.map((row) => [row.alarm_id, announcementView(row)]));
  const reported = new Map(
    cameras.map((row) => [row.camera_id, (JSON.parse(row.body) as { name: string }).name]),
  );
  return alarms.map((whole) => {
    const { lastEventAtMs: _, occurrence: _o, seriesStartedAtMs: _s, warning, ...alarm } = whole;
    const announcement = announced.get(alarm.alarmId);
    // Whoever was not spoken to after all was not warned.
    const answered = wasSaid(announcement?.state) ? warning : undefined;
    const hold = held.get(alarm.event.eventId);
    return {
      ...alarm,
      edgeId: alarm.event.edgeId,
      cameraName:
        places.get(alarm.cameraId)?.name ?? reported.get(alarm.cameraId) ?? alarm.cameraId,
      hasSnapshot: withSnapshot.has(alarm.event.eventId),
      hasClip: withClip.has(alarm.event.eventId),
      ...(announcement === undefined ? {} : { announcement }),
      ...(answered === undefined ? {} : { warning: answered }),
      ...(hold === undefined ? {} : { hold }),
    };
  });
}

/** What is held beyond its time, by event. */
async function holdsOf(connection: Connection, eventIds: readonly string[]) {
  const rows = await connection
    .selectFrom('hold')
    .select(['event_id', 'reason', 'held_by', 'held_at_ms'])
    .where('event_id', 'in', eventIds)
    .execute();
  return new Map(
    rows.map(({ event_id, reason, held_by: by, held_at_ms }) => [
      event_id,
      { reason, by, atMs: Number(held_at_ms) },
    ]),
  );
}

export async function toView(parts: ViewParts, alarm: Alarm): Promise<AlarmView> {
  const [view] = await toViews(parts, [alarm]);
  if (view === undefined) throw new Error('one alarm gives one view');
  return view;
}

export function announcementView(row: {
  announcement_id: string;
  speaker_id: string;
  state: string;
  wording: string;
  at_ms: number;
  reason: string | null;
}): AnnouncementView {
  return {
    announcementId: row.announcement_id,
    speakerId: row.speaker_id,
    state: row.state as AnnouncementView['state'],
    wording: row.wording,
    atMs: Number(row.at_ms),
    ...(row.reason === null ? {} : { reason: row.reason }),
  };
}
