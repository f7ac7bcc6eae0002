/** Backup of a centre that goes on working, and its restore; both check themselves and throw BackupError otherwise. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { StoreSettings } from '../store/create-store.ts';
import { BackupError, type Manifest, pack, unpack } from './archive.ts';
import { copyFiles } from './copy-files.ts';
import { dumpPostgres, restorePostgres } from './postgres-copy.ts';
import { checkedRows, copySqlite, putBack } from './sqlite-copy.ts';

export type CentrePlace = Readonly<{
  database: StoreSettings['database'];
  dataFolder: string;
  /** Where the library of recordings stands when it is not in the data folder. */
  recordingsFolder?: string;
}>;

/** What cannot be made again, besides the database: by its name in the backup, where it stands. */
function keptOf({ dataFolder, recordingsFolder }: CentrePlace): readonly [string, string][] {
  const inside = ['clips', 'snapshots', 'export-key.pem'].map((name): [string, string] => [
    name,
    join(dataFolder, name),
  ]);
  return [...inside, ['recordings', recordingsFolder ?? join(dataFolder, 'recordings')]];
}

const copyName = 'database';

/** The file is unpacked again and compared before this resolves. */
export async function backUp(place: CentrePlace, to: string, nowMs: number): Promise<Manifest> {
  const file = resolve(to);
  mkdirSync(dirname(file), { recursive: true });
  return withFolder(dirname(file), async (folder) => {
    const copy = join(folder, copyName);
    const { database } = place;
    const rows =
      database.kind === 'sqlite'
        ? await copySqlite(database.file, copy)
        : await dumpPostgres(database, copy);
    for (const [name, kept] of keptOf(place)) {
      if (existsSync(kept)) copyFiles(kept, join(folder, 'files', name));
    }
    const manifest = pack(folder, file, { format: 1, kind: database.kind, atMs: nowMs, rows });
    await withFolder(dirname(file), async (again) => check(unpack(file, again), again));
    return manifest;
  });
}

/** Files that are there stay; what the backup has is put over them. */
export async function restore(place: CentrePlace, from: string, nowMs: number): Promise<Manifest> {
  const { database, dataFolder } = place;
  mkdirSync(dataFolder, { recursive: true });
  return withFolder(dataFolder, async (folder) => {
    const manifest = unpack(resolve(from), folder);
    check(manifest, folder);
    if (manifest.kind !== database.kind)
      throw new BackupError(`the backup is of ${manifest.kind}, the centre is on ${database.kind}`);
    const copy = join(folder, copyName);
    if (database.kind === 'sqlite') putBack(copy, database.file, nowMs);
    else await restorePostgres(database, copy, manifest.rows);
    for (const [name, kept] of keptOf(place)) {
      const copied = join(folder, 'files', name);
      if (existsSync(copied)) copyFiles(copied, kept);
    }
    return manifest;
  });
}

function check({ kind, rows }: Manifest, folder: string): void {
  if (kind !== 'sqlite') return;
  const copied = checkedRows(join(folder, copyName));
  const wrong = Object.keys(rows).find((name) => copied[name] !== rows[name]);
  if (wrong !== undefined) throw new BackupError(`the table ${wrong} of the backup is not whole`);
}

async function withFolder<Result>(
  beside: string,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(beside, '.backup-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
