/**
 * The outbox's SQLite file: opened durably (WAL, synchronous FULL), with a cap on its size, brought up to date step by
 * step. One process writes: SQLite before 3.51.3 can corrupt a WAL that several connections write, so the version is
 * asserted.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

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

/** Within the cap nothing less important is left that could give way. */
export class NoRoomError extends Error {
  readonly code = 'outbox-full';
}

export type OutboxDatabase = Readonly<{
  database: DatabaseSync;
  /** Throws what went wrong as it is; nothing of the work has happened then. */
  transact: <Result>(work: () => Result) => Result;
  /** What is in use inside the file; what was deleted is not. */
  usedBytes: () => number;
  /** How large the file is, or will be at the next checkpoint. */
  fileBytes: () => number;
}>;

/** Each brings the file one version further; they are only ever added at the end. */
const versions = [
  `create table if not exists counter (name text primary key, value integer not null) strict;
   create table if not exists outbox (
     event_id text primary key, sequence integer not null unique, stored_at_ms integer not null, event text not null
   ) strict;
   create index if not exists outbox_by_time on outbox (stored_at_ms, sequence);
   create table if not exists snapshot (event_id text primary key, stored_at_ms integer not null, jpeg blob not null) strict;`,
  `alter table outbox add column camera_id text not null default '';
   alter table outbox add column drop_class text not null default 'alarm';
   alter table outbox add column acknowledged integer not null default 0;
   update outbox set camera_id = json_extract(event, '$.cameraId');
   create index outbox_by_class on outbox (acknowledged, drop_class, sequence);
   create table dropped (first integer primary key, last integer not null) strict;
   create table drop_tally (
     camera_id text not null, drop_class text not null, count integer not null,
     first_sequence integer, last_sequence integer, primary key (camera_id, drop_class)
   ) strict;`,
  `alter table outbox add column checksum integer;
   create table note (name text primary key, value text not null) strict;
   insert or ignore into counter (name, value) values ('identity', abs(random() % 281474976710656));`,
];

/** Throws OutboxError. On a full disk it is tried again after `makeRoom`. */
export function openOutboxDatabase(
  file: string,
  maxBytes: number,
  makeRoom: () => boolean,
): OutboxDatabase {
  const database = openWithRoom(file, maxBytes, makeRoom);
  const pages = database.prepare('pragma page_count');
  const freePages = database.prepare('pragma freelist_count');
  const pageBytes = numberOf(database.prepare('pragma page_size').get());
  return {
    database,
    transact: (work) => {
      try {
        database.exec('begin immediate');
        const result = work();
        database.exec('commit');
        return result;
      } catch (cause) {
        if (database.isTransaction) database.exec('rollback');
        throw cause;
      }
    },
    fileBytes: () => numberOf(pages.get()) * pageBytes,
    usedBytes: () => (numberOf(pages.get()) - numberOf(freePages.get())) * pageBytes,
  };
}

/** SQLITE_FULL, or an input/output error, as a full disk also gives them (https://www.sqlite.org/rescode.html). */
export function isDiskFull(cause: unknown): boolean {
  const code = (cause as { errcode?: unknown } | undefined)?.errcode;
  return typeof code === 'number' && ((code & 0xff) === 13 || (code & 0xff) === 10);
}

function openWithRoom(file: string, maxBytes: number, makeRoom: () => boolean): DatabaseSync {
  try {
    return open(file, maxBytes);
  } catch (cause) {
    if (!(isDiskFull(cause) && makeRoom())) throw new OutboxError(file, cause);
  }
  try {
    return open(file, maxBytes);
  } catch (cause) {
    throw new OutboxError(file, cause);
  }
}

function open(file: string, maxBytes: number): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  try {
    database.exec(
      'pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000',
    );
    assertVersion(database);
    const pageBytes = numberOf(database.prepare('pragma page_size').get());
    database.exec(`pragma max_page_count = ${Math.ceil(maxBytes / pageBytes)}`);
    migrate(database);
    return database;
  } catch (cause) {
    database.close();
    throw cause;
  }
}

/**
 * Makes file and log as large as they need to be to go on within themselves on a disk that others have filled, where
 * neither can grow: the pages are written and given free. SQLite keeps the size of both while the file is open.
 */
export function takeRoom({ database, transact }: OutboxDatabase, bytes: number): void {
  try {
    database.exec('drop table if exists room');
    transact(() => {
      database.exec('create table room (filler blob)');
      database.prepare('insert into room values (zeroblob(?))').run(bytes);
    });
    database.exec('pragma wal_checkpoint(restart); drop table room');
    // The log starts anew before it has to grow.
    database.exec(`pragma wal_autocheckpoint = ${Math.max(50, Math.floor(bytes / 4200))}`);
  } catch (cause) {
    if (!isDiskFull(cause)) throw cause;
  }
}

function migrate(database: DatabaseSync): void {
  const known = numberOf(database.prepare('pragma user_version').get());
  for (const [at, step] of versions.entries()) {
    if (at < known) continue;
    database.exec(`begin immediate; ${step} pragma user_version = ${at + 1}; commit`);
  }
}

function assertVersion(database: DatabaseSync): void {
  const version = String(database.prepare('select sqlite_version() as version').get()?.['version']);
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  if (major * 1e6 + minor * 1e3 + patch < 3_051_003) {
    throw new Error(`SQLite ${version} can corrupt its log; 3.51.3 or newer is needed`);
  }
}

/** The only column of a row. */
function numberOf(row: Readonly<Record<string, unknown>> | undefined): number {
  return Number(Object.values(row ?? {})[0]);
}
