/** A copy of a SQLite file that is being written (SQLite's online backup), checked; and putting one back in its place. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { BackupError } from './archive.ts';

/** In one step: between two of them another's commit makes SQLite begin again, so that of a busy centre none was ever whole. */
const allPages = 2 ** 31 - 1;

/** Everything that was committed before the call is in the copy. Answers with the rows of each table. */
export async function copySqlite(
  file: string,
  copy: string,
): Promise<Readonly<Record<string, number>>> {
  if (!existsSync(file)) throw new BackupError(`there is no database ${file} to back up`);
  const source = new DatabaseSync(file, { readOnly: true });
  try {
    await backup(source, copy, { rate: allPages });
  } finally {
    source.close();
  }
  return checkedRows(copy);
}

/** Throws BackupError when the file is damaged. */
export function checkedRows(file: string): Readonly<Record<string, number>> {
  const database = new DatabaseSync(file);
  try {
    const [verdict] = database.prepare('pragma integrity_check').all();
    if (verdict?.['integrity_check'] !== 'ok')
      throw new BackupError(`the copy ${file} is damaged: ${verdict?.['integrity_check']}`);
    const tables = database
      .prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
      .all()
      .map((row) => String(row['name']));
    return Object.fromEntries(
      tables.map((name) => {
        const row = database.prepare(`select count(*) as count from "${name}"`).get();
        return [name, Number(row?.['count'])];
      }),
    );
  } finally {
    database.close();
  }
}

/** What was there before is kept beside it. Throws BackupError while a collector has the file open. */
export function putBack(copy: string, file: string, nowMs: number): void {
  if (existsSync(file)) {
    refuseInUse(file);
    const aside = `${file}.before-restore-${nowMs}`;
    for (const ending of ['', '-wal', '-shm'])
      if (existsSync(`${file}${ending}`)) renameSync(`${file}${ending}`, `${aside}${ending}`);
  }
  mkdirSync(dirname(file), { recursive: true });
  // The mark of the one that was there before would say that this one lacks something.
  for (const ending of ['-wal', '-shm', '.mark']) rmSync(`${file}${ending}`, { force: true });
  renameSync(copy, file);
}

/** Whoever has the file open holds a lock that an exclusive one does not go together with. */
function refuseInUse(file: string): void {
  const database = new DatabaseSync(file, { timeout: 500 });
  try {
    database.exec('pragma locking_mode = exclusive; begin exclusive; commit');
  } catch (error) {
    throw new BackupError(`the centre is running on ${file}; stop it before restoring`, error);
  } finally {
    database.close();
  }
}
