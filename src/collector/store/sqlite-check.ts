/** Looks whether a SQLite file is whole, and all there, before it is used; changes nothing in it. */
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { identitySetting, type StoreMark, writesSetting } from './store-mark.ts';

/** SQLITE_CORRUPT and SQLITE_NOTADB of https://sqlite.org/rescode.html ; extended codes keep them in their low byte. */
const damagedCodes: ReadonlySet<number> = new Set([11, 26]);

/** Reading a file through takes about a second for each of these; a larger one is looked at when its pages are used. */
const mostCheckedBytes = 1024 * 1024 * 1024;

/** `isUsable`: what is there is whole, and there should be more. */
export type Finding = Readonly<{ reason: string; isUsable: boolean }>;

/** Undefined: it is sound, or there is none and should be none. Throws what is not damage. */
export function damageOf(file: string, mark: StoreMark | undefined): Finding | undefined {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return mark === undefined ? undefined : broken('the file is gone or empty');
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true });
    const structure = structureFault(database, size) ?? brokenDocument(database);
    return structure === undefined ? missing(database, mark) : broken(structure);
  } catch (error) {
    const { errcode, message } = error as Error & { errcode?: number };
    if (errcode === undefined || !damagedCodes.has(errcode & 0xff)) throw error;
    return broken(message);
  } finally {
    database?.close();
  }
}

function broken(reason: string): Finding {
  return { reason, isUsable: false };
}

function structureFault(database: DatabaseSync, size: number): string | undefined {
  database.prepare('select count(*) from sqlite_schema').get();
  if (size > mostCheckedBytes) return undefined;
  const [found] = Object.values(database.prepare('pragma quick_check(1)').get() ?? {});
  return found === 'ok' ? undefined : String(found);
}

/** SQLite keeps no checksum of a page: what is inside a row shows its damage only where it has a form to keep. */
function brokenDocument(database: DatabaseSync): string | undefined {
  for (const table of tablesOf(database).filter((name) => hasDocuments(database, name))) {
    const row = database
      .prepare(`select count(*) as broken from "${table}" where not json_valid(body)`)
      .get();
    if (Number(row?.['broken']) > 0)
      return `${Number(row?.['broken'])} unreadable documents in the table ${table}`;
  }
  return undefined;
}

function missing(database: DatabaseSync, mark: StoreMark | undefined): Finding | undefined {
  if (mark === undefined) return undefined;
  if (identityIn(database) !== mark.identity)
    return broken('the file, or its log, belongs to another centre');
  const behind = mark.writes - Number(settingIn(database, writesSetting) ?? 0);
  return behind > 0
    ? { reason: `the newest ${behind} writes are gone`, isUsable: true }
    : undefined;
}

/** Undefined also when it cannot be read. */
export function identityIn(database: DatabaseSync): string | undefined {
  return settingIn(database, identitySetting);
}

function settingIn(database: DatabaseSync, name: string): string | undefined {
  try {
    const row = database.prepare('select value from setting where name = ?').get(name);
    return row === undefined ? undefined : String(row['value']);
  } catch {
    return undefined;
  }
}

function hasDocuments(database: DatabaseSync, table: string): boolean {
  return columnsOf(database, table).includes('body');
}

export function tablesOf(database: DatabaseSync): readonly string[] {
  return database
    .prepare("select name from sqlite_schema where type = 'table'")
    .all()
    .map((row) => String(row['name']))
    .filter((name) => !name.startsWith('sqlite_') && !name.startsWith('kysely_'));
}

export function columnsOf(database: DatabaseSync, table: string): readonly string[] {
  try {
    return database
      .prepare('select name from pragma_table_info(?)')
      .all(table)
      .map((row) => String(row['name']));
  } catch {
    return [];
  }
}
