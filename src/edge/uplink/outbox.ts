/**
 * What the edge has accepted and the centre has not yet acknowledged, in one SQLite file.
 * An event is numbered and written in one durable transaction (WAL, synchronous FULL); it leaves only by `remove`.
 * One process writes: SQLite before 3.51.3 can corrupt a WAL that several connections write, so the version is asserted.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { uuidv7 } from 'uuidv7';
import type { EventDraft, RuleEvent } from '../../contract/rule-event.ts';

export type OutboxRow = Readonly<{ event: RuleEvent; storedAtMs: number }>;
type SnapshotRow = Readonly<{ eventId: string; jpeg: Uint8Array }>;

export type Outbox = Readonly<{
  /** Numbers the draft and keeps it; it is safe on disk when this returns. Throws OutboxError when it cannot be written. */
  add: (draft: EventDraft, nowMs: number) => RuleEvent;
  addSnapshot: (eventId: string, jpeg: Uint8Array, nowMs: number) => void;
  /** Rows that wait, those younger than `liveSinceMs` first, then the backlog from its oldest end. */
  waiting: (
    liveSinceMs: number,
    limit: number,
    except: ReadonlySet<string>,
  ) => readonly OutboxRow[];
  waitingSnapshots: (limit: number, except: ReadonlySet<string>) => readonly SnapshotRow[];
  remove: (eventIds: readonly string[], snapshotIds: readonly string[]) => void;
  rows: () => number;
  close: () => void;
}>;

export class OutboxError extends Error {
  readonly code = 'outbox-unwritable';
  constructor(file: string, cause: unknown) {
    super(
      `the outbox ${file} cannot be written; check that the disk has room and the folder is writable`,
      { cause },
    );
    this.name = 'OutboxError';
  }
}

const schema = `
  create table if not exists counter (name text primary key, value integer not null) strict;
  create table if not exists outbox (
    event_id text primary key, sequence integer not null unique, stored_at_ms integer not null, event text not null
  ) strict;
  create index if not exists outbox_by_time on outbox (stored_at_ms, sequence);
  create table if not exists snapshot (event_id text primary key, stored_at_ms integer not null, jpeg blob not null) strict;
`;

/** Opens the file, making it and its folder when they are not there. Throws OutboxError. */
export function openOutbox(file: string, edgeId: string): Outbox {
  const database = open(file);
  const nextSequence = database.prepare(
    `insert into counter (name, value) values ('sequence', 1)
     on conflict (name) do update set value = value + 1 returning value`,
  );
  const insert = database.prepare('insert into outbox values (?, ?, ?, ?)');
  const insertSnapshot = database.prepare('insert or replace into snapshot values (?, ?, ?)');
  const count = database.prepare('select count(*) as count from outbox');
  const removeEvent = database.prepare('delete from outbox where event_id = ?');
  const removeSnapshot = database.prepare('delete from snapshot where event_id = ?');

  const inTransaction = <Result>(work: () => Result): Result => {
    try {
      database.exec('begin immediate');
      const result = work();
      database.exec('commit');
      return result;
    } catch (cause) {
      if (database.isTransaction) database.exec('rollback');
      throw new OutboxError(file, cause);
    }
  };

  return {
    add: (draft, nowMs) =>
      inTransaction(() => {
        const sequence = Number(nextSequence.get()?.['value']);
        const event = numbered(draft, edgeId, sequence, nowMs);
        insert.run(event.eventId, sequence, nowMs, JSON.stringify(event));
        return event;
      }),
    addSnapshot: (eventId, jpeg, nowMs) =>
      inTransaction(() => {
        insertSnapshot.run(eventId, nowMs, jpeg);
      }),
    waiting: (liveSinceMs, limit, except) => readWaiting(database, liveSinceMs, limit, except),
    waitingSnapshots: (limit, except) => readSnapshots(database, limit, except),
    remove: (eventIds, snapshotIds) =>
      inTransaction(() => {
        for (const id of eventIds) removeEvent.run(id);
        for (const id of snapshotIds) removeSnapshot.run(id);
      }),
    rows: () => Number(count.get()?.['count']),
    close: () => {
      if (database.isOpen) database.close();
    },
  };
}

function open(file: string): DatabaseSync {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const database = new DatabaseSync(file);
    database.exec(
      'pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000',
    );
    assertVersion(database);
    database.exec(schema);
    return database;
  } catch (cause) {
    throw new OutboxError(file, cause);
  }
}

function assertVersion(database: DatabaseSync): void {
  const version = String(database.prepare('select sqlite_version() as version').get()?.['version']);
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  if (major * 1e6 + minor * 1e3 + patch < 3_051_003) {
    throw new Error(`SQLite ${version} can corrupt its log; 3.51.3 or newer is needed`);
  }
}

function numbered(draft: EventDraft, edgeId: string, sequence: number, nowMs: number): RuleEvent {
  return {
    ...draft,
    schemaVersion: 1,
    eventId: uuidv7(),
    edgeId,
    sequence,
    historical: false,
    stageTimes: { ...draft.stageTimes, storedAtMs: nowMs },
  };
}

function readWaiting(
  database: DatabaseSync,
  liveSinceMs: number,
  limit: number,
  except: ReadonlySet<string>,
): readonly OutboxRow[] {
  // Reading past the rows in flight keeps the statement simple; the window bounds how many those can be.
  const rows = database
    .prepare(
      `select event_id, stored_at_ms, event from outbox
       order by case when stored_at_ms >= ? then 0 else 1 end, sequence limit ?`,
    )
    .all(liveSinceMs, limit + except.size);
  return rows
    .filter((row) => !except.has(String(row['event_id'])))
    .slice(0, limit)
    .map((row) => ({
      event: JSON.parse(String(row['event'])) as RuleEvent,
      storedAtMs: Number(row['stored_at_ms']),
    }));
}

function readSnapshots(
  database: DatabaseSync,
  limit: number,
  except: ReadonlySet<string>,
): readonly SnapshotRow[] {
  const ids = database
    .prepare('select event_id from snapshot order by stored_at_ms desc limit ?')
    .all(limit + except.size)
    .map((row) => String(row['event_id']))
    .filter((id) => !except.has(id))
    .slice(0, limit);
  const read = database.prepare('select jpeg from snapshot where event_id = ?');
  return ids.map((eventId) => ({ eventId, jpeg: read.get(eventId)?.['jpeg'] as Uint8Array }));
}
