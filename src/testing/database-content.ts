/** What a SQLite file holds, as one text: two that are equal hold the same. */
import { DatabaseSync } from 'node:sqlite';

type Left = Readonly<{
  tables: readonly string[];
  columns: readonly string[];
  /** Rows of the table `setting`. */
  settings: readonly string[];
}>;

export function databaseContent(file: string, leftOut: Left): string {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const tables = database
      .prepare("select name from sqlite_master where type = 'table' order by name")
      .all()
      .map(({ name }) => String(name))
      .filter((name) => !leftOut.tables.includes(name));
    return tables.map((name) => `${name}\n${rowsOf(database, name, leftOut)}`).join('\n');
  } finally {
    database.close();
  }
}

function rowsOf(database: DatabaseSync, table: string, { columns, settings }: Left): string {
  const rows = database.prepare(`select * from "${table}"`).all();
  return rows
    .filter((row) => table !== 'setting' || !settings.includes(String(row['name'])))
    .map((row) => Object.entries(row).filter(([name]) => !columns.includes(`${table}.${name}`)))
    .map((row) => JSON.stringify(row.map(([, value]) => shown(value))))
    .sort()
    .join('\n');
}

const shown = (value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : String(value);
