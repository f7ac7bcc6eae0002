/**
 * Versions that differ by one: a box whose outbox was written by the version before starts with this one and a backlog; then
 * with the one after this, whose events have fields that this centre does not know and whose outbox has one more column; then
 * goes back to this one. Each time there is a backlog. Nothing is lost, and what is not known is kept as it came.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { uuidv7 } from 'uuidv7';
import { crossingEvent } from '../../src/testing/events.ts';
import { eventually } from '../harness/program.ts';
import { notProduced } from './producer-log.ts';
import { edgeFolder, type Ring } from './ring.ts';
import { broken, brokenPromises, type Scenario, whileEventsFlow } from './scenario.ts';
import { collectorFile, readAll } from './verdict.ts';

const drainLimitSeconds = 30;

export const versions: Scenario = async ({ folder, broker, eventsPerSecond, backlog }) => {
  const before = writeOldOutbox(join(edgeFolder(folder), 'outbox.sqlite'), backlog);
  let isNext = false;
  const settings = {
    ...{ folder, broker, eventsPerSecond, brokerComesLater: true },
    edge: { options: () => (isNext ? ['--next-version'] : []) },
  };
  const drained = await whileEventsFlow(settings, async (ring) => {
    for (const attempt of before) {
      ring.log.read(`try ${attempt}`);
      ring.log.read(`kept ${attempt}`);
    }
    const waited = [await letGo(ring)];
    for (const next of [true, false]) {
      await ring.broker.end('SIGKILL');
      await eventually(() => ring.log.backlog() >= backlog, 600_000);
      await ring.edge.end('SIGTERM');
      isNext = next;
      if (next) addColumn(join(edgeFolder(folder), 'outbox.sqlite'));
      ring.edge.start();
      waited.push(await letGo(ring));
    }
    return { waited };
  });
  const [row] = readAll(
    collectorFile(folder),
    `select count(*) as events, count(json_extract(body, '$.ofTheNextVersion.deep')) as kept,
       count(json_extract(body, '$.box.ofTheNextVersion')) as keptInside
     from event where json_extract(body, '$.modelVersion') = 'next'`,
  );
  const unknown = { nextEvents: Number(row?.['events']), kept: Number(row?.['kept']) };
  const keptInside = Number(row?.['keptInside']);
  const { result, verdict, drainSeconds } = drained;
  const more = broken({
    'nothing came of the next version': unknown.nextEvents === 0,
    'unknown fields were not kept':
      unknown.kept < unknown.nextEvents || keptInside < unknown.nextEvents,
    'there was no backlog': result.waited.some((rows) => rows < backlog),
  });
  const figures = { ...verdict, drainSeconds, backlog, ...result, ...unknown, keptInside };
  return { figures, broken: [...brokenPromises(drained, drainLimitSeconds), ...more] };
};

/** Lets the broker come; resolves with the backlog that there was, once it is gone. */
async function letGo({ broker, log }: Ring): Promise<number> {
  // The box that has just been started says so itself.
  const said = log.figure('backlogs');
  await eventually(() => log.figure('backlogs') > said, 30_000);
  const waiting = log.backlog();
  broker.start();
  await eventually(() => log.backlog() < 100, 120_000);
  return waiting;
}

/** As the outbox was before it knew cameras and classes; resolves with the attempts in it. */
function writeOldOutbox(file: string, rows: number): readonly number[] {
  mkdirSync(join(file, '..'), { recursive: true });
  const database = new DatabaseSync(file);
  database.exec(`pragma journal_mode = wal; begin;
    create table counter (name text primary key, value integer not null) strict;
    create table outbox (
      event_id text primary key, sequence integer not null unique, stored_at_ms integer not null, event text not null
    ) strict;
    create index outbox_by_time on outbox (stored_at_ms, sequence);
    create table snapshot (event_id text primary key, stored_at_ms integer not null, jpeg blob not null) strict;
    insert into counter values ('sequence', ${rows}); pragma user_version = 1;`);
  const insert = database.prepare('insert into outbox values (?, ?, ?, ?)');
  const attempts = Array.from({ length: rows }, (_, at) => notProduced + at);
  for (const [at, trackId] of attempts.entries()) {
    const atMs = Date.now() - 60_000;
    const event = { ...crossingEvent(at + 1, { trackId, capturedAtMs: atMs }), eventId: uuidv7() };
    insert.run(event.eventId, at + 1, atMs, JSON.stringify(event));
  }
  database.exec('commit');
  database.close();
  return attempts;
}

function addColumn(file: string): void {
  const database = new DatabaseSync(file);
  database.exec(`alter table outbox add column of_the_next_version text; pragma user_version = 99`);
  database.close();
}
