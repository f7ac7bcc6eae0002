/** Events as they arrive: each once, with the alarm that the policy makes of it, in one transaction. */
import type { RuleEvent } from '../../contract/rule-event.ts';
import type { KnownRule } from '../alarms/alarm.ts';
import { insertAlarm, insertAnnouncement, ruleKeyOf, toView, updateAlarm } from './alarm-rows.ts';
import { readAlarm, tellChange } from './alarm-store.ts';
import type { FeedStore, FeedWriter } from './feed-store.ts';
import { newestRules } from './rule-rows.ts';
import type { AlarmContext, AlarmDecision, CameraPlace, FiledEvent, Store } from './store.ts';
import type { Connection, Database } from './tables.ts';

export type EventStore = Pick<
  Store,
  'fileEvents' | 'quarantine' | 'saveSnapshot' | 'snapshot' | 'event' | 'events'
>;

type Places = ReadonlyMap<string, CameraPlace>;
type Parts = Readonly<{ database: Database; places: Places; feed: FeedStore }>;
type Writing = Readonly<{
  connection: Connection;
  tell: FeedWriter;
  places: Places;
  nowMs: number;
}>;

export function createEventStore({ database, places, feed }: Parts): EventStore {
  return {
    fileEvents: (events, decide, nowMs) =>
      feed.write(async (connection, tell) => {
        const filed: FiledEvent[] = [];
        for (const event of events) {
          filed.push(await fileEvent({ connection, tell, places, nowMs }, event, decide));
        }
        return filed;
      }),
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

async function fileEvent(
  writing: Writing,
  event: RuleEvent,
  decide: (event: RuleEvent, context: AlarmContext) => AlarmDecision,
): Promise<FiledEvent> {
  const { connection, nowMs } = writing;
  const inserted = await connection
    .insertInto('event')
    .values({
      event_id: event.eventId,
      edge_id: event.edgeId,
      camera_id: event.cameraId,
      kind: event.kind,
      sequence: event.sequence,
      captured_at_ms: event.capturedAtMs,
      received_at_ms: nowMs,
      body: JSON.stringify(event),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('event_id')
    .executeTakeFirst();
  if (inserted === undefined) return { eventId: event.eventId, duplicate: true };
  const decision = decide(event, await contextOf(connection, event));
  return { eventId: event.eventId, duplicate: false, ...(await carryOut(writing, decision)) };
}

async function carryOut(
  { connection, tell, places, nowMs }: Writing,
  decision: AlarmDecision,
): Promise<Pick<FiledEvent, 'alarm' | 'announcement'>> {
  switch (decision.kind) {
    case 'none':
      return {};
    case 'join':
      await updateAlarm(connection, decision.alarm);
      await tellChange({ connection, places, tell }, decision.alarm, nowMs);
      return { alarm: decision.alarm };
    case 'raise': {
      const { alarm, announcement } = decision;
      await insertAlarm(connection, alarm);
      if (announcement !== undefined) await insertAnnouncement(connection, announcement);
      const view = await toView({ connection, places }, alarm);
      await tell({ kind: 'alarm-raised', alarm: view, atMs: nowMs });
      return { alarm, ...(announcement === undefined ? {} : { announcement }) };
    }
  }
}

async function contextOf(connection: Connection, event: RuleEvent): Promise<AlarmContext> {
  const row = await connection
    .selectFrom('alarm')
    .select('body')
    .where('rule_key', '=', ruleKeyOf({ event, cameraId: event.cameraId }))
    .orderBy('raised_at_ms', 'desc')
    .limit(1)
    .executeTakeFirst();
  const rule =
    'ruleId' in event ? await knownRule(connection, event.cameraId, event.ruleId) : undefined;
  return {
    ...(row === undefined ? {} : { latest: readAlarm(row.body) }),
    ...(rule === undefined ? {} : { rule }),
  };
}

async function knownRule(
  connection: Connection,
  cameraId: string,
  ruleId: string,
): Promise<KnownRule | undefined> {
  const { rules } = await newestRules(connection, cameraId);
  const isIt = (rule: Readonly<{ ruleId: string }>): boolean => rule.ruleId === ruleId;
  const tripwire = rules.tripwires?.find(isIt);
  if (tripwire !== undefined) return { kind: 'tripwire', rule: tripwire };
  const zone = rules.zones?.find(isIt);
  if (zone !== undefined) return { kind: 'zone', rule: zone };
  const watchPoint = rules.watchPoints?.find(isIt);
  return watchPoint === undefined ? undefined : { kind: 'watch-point', rule: watchPoint };
}
