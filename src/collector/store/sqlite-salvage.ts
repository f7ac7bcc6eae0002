/**
 * A damaged SQLite file must neither keep the centre from starting nor be passed over in silence: it is set aside whole,
 * a new one takes its place, and what can still be read is carried over row by row. The damage is written into the new one.
 */
import { existsSync, renameSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type Damage, damageSetting } from './damage.ts';

type SetAside = Pick<Damage, 'reason' | 'setAside'>;

/** SQLITE_CORRUPT and SQLITE_NOTADB of https://sqlite.org/rescode.html ; extended codes keep them in their low byte. */
const damagedCodes: ReadonlySet<number> = new Set([11, 26]);

/** Reading a file through takes about a second for each of these; a larger one is looked at when its pages are used. */
const mostCheckedBytes = 1024 * 1024 * 1024;

/** Looks whether the file is sound, and moves it out of the way when it is not. Undefined: it is sound, or there is none. */
export function setAsideDamaged(file: string, nowMs: number): SetAside | undefined {
  if (!existsSync(file)) return undefined;
  const reason = damageOf(file);
  if (reason === undefined) return undefined;
  const setAside = `${file}.damaged-${new Date(nowMs).toISOString().replaceAll(':', '-')}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, setAside + suffix);
  }
  return { reason, setAside };
}

function damageOf(file: string): string | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    database.exec('pragma journal_mode = wal');
    database.prepare('select count(*) from sqlite_schema').get();
    if (statSync(file).size > mostCheckedBytes) return undefined;
    const [found] = Object.values(database.prepare('pragma quick_check(1)').get() ?? {});
    return found === 'ok' ? brokenDocument(database) : String(found);
  } catch (error) {
    const { errcode, message } = error as Error & { errcode?: number };
    if (errcode === undefined || !damagedCodes.has(errcode & 0xff)) throw error;
    return message;
  } finally {
    database?.close();
  }
}

/** SQLite keeps no checksum of a page: what is inside a row shows its damage only where it has a form to keep. */
function brokenDocument(database: DatabaseSync): string | undefined {
  for (const table of tablesOf(database).filter((name) => hasDocuments(database, name))) {
    const broken = database
      .prepare(`select count(*) as broken from "${table}" where not json_valid(body)`)
      .get()?.['broken'];
    if (Number(broken) > 0) return `${broken} unreadable documents in the table ${table}`;
  }
  return undefined;
}

function hasDocuments(database: DatabaseSync, table: string): boolean {
  return columnsOf(database, table).includes('body');
}

/** Carries over what can be read into the new file, whose tables are there, and writes down the damage. */
export function salvage({ reason, setAside }: SetAside, into: string, nowMs: number): Damage {
  const target = new DatabaseSync(into);
  try {
    const kept = copyTables(setAside, target);
    const damage = { atMs: nowMs, reason, setAside, kept };
    target
      .prepare('insert or replace into setting (name, value) values (?, ?)')
      .run(damageSetting, JSON.stringify(damage));
    return damage;
  } finally {
    target.close();
  }
}

function copyTables(from: string, target: DatabaseSync): Record<string, number> {
  const kept: Record<string, number> = {};
  const source = openReadable(from);
  if (source === undefined) return kept;
  try {
    for (const table of tablesOf(target)) kept[table] = copyTable(source, target, table);
  } finally {
    source.close();
  }
  return kept;
}

function openReadable(file: string): DatabaseSync | undefined {
  try {
    const database = new DatabaseSync(file);
    database.prepare('select count(*) from sqlite_schema').get();
    return database;
  } catch {
    // Not even the list of its tables can be read: there is nothing to carry over.
    return undefined;
  }
}

function tablesOf(database: DatabaseSync): readonly string[] {
  return database
    .prepare("select name from sqlite_schema where type = 'table'")
    .all()
    .map((row) => String(row['name']))
    .filter((name) => !name.startsWith('sqlite_') && !name.startsWith('kysely_'));
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

function columnsOf(database: DatabaseSync, table: string): readonly string[] {
  try {
    return database
      .prepare('select name from pragma_table_info(?)')
      .all(table)
      .map((row) => String(row['name']));
  } catch {
    return [];
  }
}
