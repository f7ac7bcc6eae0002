/**
 * Files a batch of events in one transaction with a handful of statements, however many they are: what is new is inserted,
 * the policy is asked about each in the order of its coming, and every alarm that was raised or joined is written once.
 */
import { sql } from 'kysely';
import { allRules } from '../../contract/rule.ts';
import type { RuleEvent } from '../../contract/rule-event.ts';
import type { Alarm, AnnouncementOrder, KnownRule } from '../alarms/alarm.ts';
import { insertAnnouncements, ruleKeyOf, saveAlarms, toViews } from './alarm-rows.ts';
import { holdersOf, isForeign } from './camera-holders.ts';
import type { FeedWriter } from './feed-store.ts';
import { newestRulesOf } from './rule-rows.ts';
import type { AlarmContext, AlarmDecision, CameraPlace, FiledEvent } from './store.ts';
import type { Connection } from './tables.ts';
import { voiceTemplates } from './voice-template-store.ts';
import { warnedAlarms } from './warned-alarms.ts';

export type Decide = (event: RuleEvent, context: AlarmContext) => AlarmDecision;

type Writing = Readonly<{
  connection: Connection;
  tell: FeedWriter;
  places: ReadonlyMap<string, CameraPlace>;
  nowMs: number;
}>;

/** An alarm as the whole batch leaves it, and whether it calls the operators. */
type Touched = Readonly<{ alarm: Alarm; calls: boolean }>;

export async function fileBatch(
  writing: Writing,
  events: readonly RuleEvent[],
  decide: Decide,
): Promise<readonly FiledEvent[]> {
  const { connection } = writing;
  const fresh = await insertEvents(connection, events, writing.nowMs);
  const contextOf = await readContexts(writing, [...fresh.values()]);
  const touched = new Map<string, Touched>();
  const announcements: AnnouncementOrder[] = [];

  const filed = events.map((event): FiledEvent => {
    const { eventId } = event;
    // The second of two copies in one batch is a duplicate as well.
    if (!fresh.delete(eventId)) return { eventId, duplicate: true };
    const decision = decide(event, contextOf.get(event));
    if (decision.kind === 'none') return { eventId, duplicate: false };
    const { alarm } = decision;
    contextOf.remember(alarm, decision.kind);
    const calls = callsFor(decision) || touched.get(alarm.alarmId)?.calls === true;
    touched.set(alarm.alarmId, { alarm, calls });
    const announcement = decision.kind === 'raise' ? decision.announcement : undefined;
    if (announcement === undefined) return { eventId, duplicate: false, alarm };
    announcements.push(announcement);
    return { eventId, duplicate: false, alarm, announcement };
  });

  const alarms = [...touched.values()];
  await saveAlarms(
    connection,
    alarms.map(({ alarm }) => alarm),
  );
  await insertAnnouncements(connection, announcements);
  await tellAlarms(writing, alarms);
  return filed;
}

function callsFor(decision: AlarmDecision): boolean {
  return decision.kind === 'raise' || (decision.kind === 'answer' && decision.callsAgain);
}

/** Answers with those that were not there yet, by their ids. */
async function insertEvents(
  connection: Connection,
  events: readonly RuleEvent[],
  nowMs: number,
): Promise<Map<string, RuleEvent>> {
  if (events.length === 0) return new Map();
  const rows = events.map((event) => ({
    event_id: event.eventId,
    edge_id: event.edgeId,
    camera_id: event.cameraId,
    kind: event.kind,
    sequence: event.sequence,
    captured_at_ms: event.capturedAtMs,
    received_at_ms: nowMs,
    body: JSON.stringify(event),
  }));
  const inserted = await connection
    .insertInto('event')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .returning('event_id')
    .execute();
  const ids = new Set(inserted.map((row) => row.event_id));
  return new Map(
    events.filter(({ eventId }) => ids.has(eventId)).map((event) => [event.eventId, event]),
  );
}

type Contexts = Readonly<{
  get: (event: RuleEvent) => AlarmContext;
  /** This is how the alarm stands from now on. */
  remember: (alarm: Alarm, how: AlarmDecision['kind']) => void;
}>;

async function readContexts(
  { connection, places }: Pick<Writing, 'connection' | 'places'>,
  events: readonly RuleEvent[],
): Promise<Contexts> {
  const latest = await latestAlarms(connection, [...new Set(events.map(ruleKeyOf))]);
  const warned = await warnedAlarms(connection, events);
  const cameraIds = [...new Set(events.map(({ cameraId }) => cameraId))];
  const rules = await newestRulesOf(connection, cameraIds);
  const holders = await holdersOf(connection, cameraIds);
  const speaks = [...rules.values()].some((one) =>
    allRules(one).some(({ response }) => response !== undefined),
  );
  const templates = speaks ? await voiceTemplates(connection) : [];
  return {
    get: (event) => {
      const alarm = latest.get(ruleKeyOf(event));
      const rule =
        'ruleId' in event ? knownRule(rules.get(event.cameraId), event.ruleId) : undefined;
      const place = places.get(event.cameraId);
      return {
        templates,
        ...(isForeign(holders, event) ? { isForeign: true } : {}),
        ...(place === undefined ? {} : { place }),
        ...(alarm === undefined ? {} : { latest: alarm }),
        ...(rule === undefined ? {} : { rule }),
        ...(event.kind === 'warning-answered' ? warned.get(event.warnedEventId) : {}),
      };
    },
    remember: (alarm, how) => {
      warned.remember(alarm);
      const key = ruleKeyOf(alarm.event);
      // What is answered may be older than the newest, whatever their times say.
      if (how !== 'answer' || latest.get(key)?.alarmId === alarm.alarmId) latest.set(key, alarm);
    },
  };
}

async function latestAlarms(
  connection: Connection,
  ruleKeys: readonly string[],
): Promise<Map<string, Alarm>> {
  if (ruleKeys.length === 0) return new Map();
  // One look into the index for each rule, however many alarms it has raised in its life.
  const keys = sql.join(ruleKeys.map((key) => sql`(${key})`));
  const { rows } = await sql<{ rule_key: string; body: string | null }>`
    with wanted (rule_key) as (values ${keys})
    select rule_key, (
      select body from alarm where alarm.rule_key = wanted.rule_key
      order by number desc, alarm_id desc limit 1
    ) as body from wanted`.execute(connection);
  return new Map(
    rows.flatMap(({ rule_key: key, body }) =>
      body === null ? [] : [[key, JSON.parse(body) as Alarm]],
    ),
  );
}

type CameraRules =
  Awaited<ReturnType<typeof newestRulesOf>> extends ReadonlyMap<string, infer Rules>
    ? Rules
    : never;

function knownRule(rules: CameraRules | undefined, ruleId: string): KnownRule | undefined {
  const isIt = (rule: Readonly<{ ruleId: string }>): boolean => rule.ruleId === ruleId;
  const tripwire = rules?.tripwires?.find(isIt);
  if (tripwire !== undefined) return { kind: 'tripwire', rule: tripwire };
  const zone = rules?.zones?.find(isIt);
  if (zone !== undefined) return { kind: 'zone', rule: zone };
  const watchPoint = rules?.watchPoints?.find(isIt);
  return watchPoint === undefined ? undefined : { kind: 'watch-point', rule: watchPoint };
}

async function tellAlarms(
  { connection, places, tell, nowMs }: Writing,
  touched: readonly Touched[],
): Promise<void> {
  const views = await toViews(
    { connection, places },
    touched.map(({ alarm }) => alarm),
  );
  for (const [at, alarm] of views.entries()) {
    const kind = touched[at]?.calls === true ? 'alarm-raised' : 'alarm-changed';
    await tell({ kind, alarm, atMs: nowMs });
  }
}
