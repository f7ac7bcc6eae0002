/** Where a test's store stands: a SQLite file in its folder, or, once a cluster has been named, a database of that cluster. */
import { basename, join } from 'node:path';
import type { StoreSettings } from '../collector/store/create-store.ts';
import type { TestPostgres } from './postgres.ts';

type DatabaseSettings = StoreSettings['database'];

let cluster: TestPostgres | undefined;
const made = new Map<string, DatabaseSettings>();

export function useCluster(postgres: TestPostgres): void {
  cluster = postgres;
}

/** The same folder gives the same database. */
export async function databaseIn(folder: string): Promise<DatabaseSettings> {
  if (cluster === undefined) return { kind: 'sqlite', file: join(folder, 'centre.sqlite') };
  const known = made.get(folder);
  if (known !== undefined) return known;
  const database = await cluster.createDatabase(basename(folder));
  made.set(folder, database);
  return database;
}
