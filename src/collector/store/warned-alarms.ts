/** The alarms that answers of edges are about: somebody was warned, and went or stayed. */
import type { AnnouncementState } from '../../contract/console-api.ts';
import type { RuleEvent } from '../../contract/rule-event.ts';
import type { Alarm } from '../alarms/alarm.ts';
import type { Warned } from '../alarms/warning.ts';
import type { Connection } from './tables.ts';

type WarnedAlarms = Readonly<{
  /** By the event that raised the alarm. */
  get: (eventId: string) => Readonly<{ warned?: Warned }>;
  remember: (alarm: Alarm) => void;
}>;

export async function warnedAlarms(
  connection: Connection,
  events: readonly RuleEvent[],
): Promise<WarnedAlarms> {
  const eventIds = events.flatMap((event) =>
    event.kind === 'warning-answered' ? [event.warnedEventId] : [],
  );
  const warned = new Map(await readWarned(connection, [...new Set(eventIds)]));
  return {
    get: (eventId) => {
      const one = warned.get(eventId);
      return one === undefined ? {} : { warned: one };
    },
    remember: (alarm) => {
      const one = warned.get(alarm.event.eventId);
      if (one !== undefined) warned.set(alarm.event.eventId, { ...one, alarm });
    },
  };
}

async function readWarned(
  connection: Connection,
  eventIds: readonly string[],
): Promise<readonly (readonly [string, Warned])[]> {
  if (eventIds.length === 0) return [];
  const rows = await connection
    .selectFrom('alarm')
    .leftJoin('announcement', 'announcement.alarm_id', 'alarm.alarm_id')
    .select(['alarm.event_id', 'alarm.body', 'announcement.state'])
    .where('alarm.event_id', 'in', eventIds)
    .execute();
  return rows.map(({ event_id: eventId, body, state }) => {
    const alarm = JSON.parse(body) as Alarm;
    const said = state === null ? {} : { announcement: state as AnnouncementState };
    return [eventId, { alarm, ...said }];
  });
}
