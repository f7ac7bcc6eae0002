/** Where a test's store stands: a SQLite file in its folder, or, once a cluster has been named, a database of that cluster. */
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
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

/** Somebody at the database itself, past the collector. */
export type DatabaseHand = Readonly<{
  run: (statements: string) => Promise<void>;
  close: () => Promise<void>;
}>;

export async function handOn(folder: string): Promise<DatabaseHand> {
  const database = await databaseIn(folder);
  if (database.kind === 'sqlite') {
    const opened = new DatabaseSync(database.file);
    return {
      run: async (statements) => opened.exec(statements),
      close: async () => opened.close(),
    };
  }
  const { kind: _, tls: __, ...place } = database;
  const client = new pg.Client(place);
  await client.connect();
  return {
    run: async (statements) => void (await client.query(statements)),
    close: () => client.end(),
  };
}
