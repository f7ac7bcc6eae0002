/**
 * Which database the store stands on: a SQLite file of its own, or a PostgreSQL server that several collectors share.
 * The queries are the same; what differs is here and in the two files beside it.
 */
import { Kysely } from 'kysely';
import { type FeedSignal, openPostgres, type PostgresSettings } from './postgres-database.ts';
import { inPostgresWords } from './postgres-words.ts';
import { sqliteDialect } from './sqlite-database.ts';
import type { Database, Tables } from './tables.ts';

export type DatabaseSettings =
  | Readonly<{ kind: 'sqlite'; file: string }>
  | Readonly<{ kind: 'postgres' } & PostgresSettings>;

export type OpenDatabase = Readonly<{
  database: Database;
  /** The same database for migrations, which are written in SQLite's words. */
  forMigrations: Database;
  /** How collectors that share the database hear of each other; absent when nobody shares it. */
  feedSignal?: FeedSignal;
}>;

/** Throws what the driver throws; a server is not dialled before the first query. */
export function openDatabase(settings: DatabaseSettings): OpenDatabase {
  switch (settings.kind) {
    case 'sqlite': {
      const database = new Kysely<Tables>({ dialect: sqliteDialect(settings.file) });
      return { database, forMigrations: database };
    }
    case 'postgres': {
      const { dialect, feedSignal } = openPostgres(settings);
      const database = new Kysely<Tables>({ dialect });
      const forMigrations = database.withPlugin(inPostgresWords());
      return { database, forMigrations, feedSignal };
    }
    default:
      return settings satisfies never;
  }
}

/** Which database, and what to look at when it cannot be used. Without any secret. */
export function placeOf(settings: DatabaseSettings): Readonly<{ name: string; mend: string }> {
  return settings.kind === 'sqlite'
    ? { name: settings.file, mend: 'check that its folder is writable and the disk has room' }
    : {
        name: `${settings.database} on PostgreSQL ${settings.host}:${settings.port}`,
        mend: 'check the address, the user, the password and that the server runs',
      };
}
