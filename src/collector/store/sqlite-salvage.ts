/**
 * A damaged SQLite file must neither keep the centre from starting nor be passed over in silence: what can still be read is
 * carried over row by row into a new one, which takes its place, and the damaged one is set aside whole. The damage is
 * written into the new one. Until that is whole nothing is moved, so that this may be cut short at any moment.
 */
import { copyFileSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { type Damage, damageSetting } from './damage.ts';
import { columnsOf, damageOf, identityIn, tablesOf } from './sqlite-check.ts';
import {
  identitySetting,
  readStoreMark,
  type StoreMark,
  storeMarkOf,
  writesSetting,
} from './store-mark.ts';

const suffixes = ['-wal', '-shm', ''];

/** In the making, and made. */
const partOf = (file: string): string => `${file}.part`;
const wholeOf = (file: string): string => `${file}.new`;

/** `makeTables` makes a database of this version where there is none. */
export async function mendSqlite(
  file: string,
  nowMs: number,
  makeTables: (file: string) => Promise<void>,
): Promise<void> {
  if (existsSync(wholeOf(file))) return swap(file);
  const mark = readStoreMark(storeMarkOf(file));
  const found = damageOf(file, mark);
  if (found === undefined) return;
  const { reason, isUsable } = found;
  const setAside = `${file}.damaged-${new Date(nowMs).toISOString().replaceAll(':', '-')}`;
  if (isUsable) {
    // There is nothing better to put in its place; its log is what somebody may want to look at.
    if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${setAside}-wal`);
    return note(file, { atMs: nowMs, reason, setAside }, mark);
  }
  for (const suffix of suffixes) rmSync(partOf(file) + suffix, { force: true });
  await makeTables(partOf(file));
  const damage = { atMs: nowMs, reason, setAside };
  salvage(file, partOf(file), damage, mark);
  renameSync(partOf(file), wholeOf(file));
  swap(file);
}

function salvage(
  from: string,
  into: string,
  damage: Omit<Damage, 'kept'>,
  mark: StoreMark | undefined,
): void {
  const target = new DatabaseSync(into);
  try {
    const kept: Record<string, number> = {};
    for (const source of sourcesOf(from, mark?.identity)) {
      for (const table of tablesOf(target))
        kept[table] = (kept[table] ?? 0) + copyTable(source, target, table);
      source.close();
    }
    const set = target.prepare('insert or replace into setting (name, value) values (?, ?)');
    set.run(damageSetting, JSON.stringify({ ...damage, kept } satisfies Damage));
    if (mark !== undefined) {
      set.run(identitySetting, mark.identity);
      set.run(writesSetting, String(mark.writes));
    }
    // All of it into the file itself, which is moved without its log.
    target.exec('pragma wal_checkpoint(truncate); pragma journal_mode = delete');
  } finally {
    target.close();
  }
}

function note(file: string, damage: Omit<Damage, 'kept'>, mark: StoreMark | undefined): void {
  const database = new DatabaseSync(file);
  try {
    database.exec('pragma journal_mode = wal; begin immediate');
    const set = database.prepare('insert or replace into setting (name, value) values (?, ?)');
    const kept = Object.fromEntries(
      tablesOf(database).map((name) => [name, rowsIn(database, name)]),
    );
    set.run(damageSetting, JSON.stringify({ ...damage, kept } satisfies Damage));
    // Told once.
    if (mark !== undefined) set.run(writesSetting, String(mark.writes));
    database.exec('commit');
  } finally {
    database.close();
  }
}

function rowsIn(database: DatabaseSync, table: string): number {
  return Number(database.prepare(`select count(*) as count from "${table}"`).get()?.['count']);
}

/** Goes on where it was cut short. */
function swap(file: string): void {
  const { setAside } = noted(wholeOf(file));
  for (const suffix of suffixes) {
    if (existsSync(file + suffix) && !existsSync(setAside + suffix))
      renameSync(file + suffix, setAside + suffix);
  }
  renameSync(wholeOf(file), file);
}

function noted(file: string): Damage {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const row = database.prepare('select value from setting where name = ?').get(damageSetting);
    return JSON.parse(String(row?.['value'])) as Damage;
  } finally {
    database.close();
  }
}

/**
 * With its log, and without: that may be cut short, or another's. What both have is taken from the first; a row that was
 * removed in between comes back.
 */
function* sourcesOf(file: string, identity: string | undefined): Generator<DatabaseSync> {
  // SQLite would remove the log of an empty file.
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0) return;
  const withoutLog = pathToFileURL(file);
  withoutLog.search = 'immutable=1';
  const whole = openReadable(file);
  const isOurs = whole !== undefined && (identity === undefined || identityIn(whole) === identity);
  const order = isOurs ? [whole, openReadable(withoutLog)] : [openReadable(withoutLog)];
  const isAnothers = whole !== undefined && !isOurs;
  if (isAnothers) whole.close();
  for (const source of order) if (source !== undefined) yield source;
}

function openReadable(file: string | URL): DatabaseSync | undefined {
  try {
    const database = new DatabaseSync(file, { readOnly: true });
    database.prepare('select count(*) from sqlite_schema').get();
    return database;
  } catch {
    // Not even the list of its tables can be read: there is nothing to carry over.
    return undefined;
  }
}

/** Reads from the front until a page cannot be read, then from the back: what lies between is lost. */
function copyTable(source: DatabaseSync, target: DatabaseSync, table: string): number {
  const columns = columnsOf(target, table).filter((name) =>
    columnsOf(source, table).includes(name),
  );
  if (columns.length === 0) return 0;
  const names = columns.map((name) => `"${name}"`).join(', ');
  const insert = target.prepare(
    `insert or ignore into "${table}" (${names}) values (${columns.map(() => '?').join(', ')})`,
  );
  const readable = columns.includes('body') ? 'where json_valid(body)' : '';
  let kept = 0;
  target.exec('begin');
  for (const order of ['asc', 'desc']) {
    try {
      const rows = source
        .prepare(`select ${names} from "${table}" ${readable} order by rowid ${order}`)
        .iterate();
      for (const row of rows) {
        kept += Number(insert.run(...columns.map((name) => row[name] ?? null)).changes);
      }
      break;
    } catch {
      // The rest may be readable from its other end.
    }
  }
  target.exec('commit');
  return kept;
}
