/** node:sqlite in the shape that Kysely's SQLite dialect expects, opened so that a committed row survives a power cut. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import {
  type Dialect,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDialect,
  type SqliteStatement,
} from 'kysely';

/** WAL with synchronous FULL. Throws what SQLite throws. */
export function sqliteDialect(file: string): Dialect {
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000');
  assertVersion(database);
  const dialect = new SqliteDialect({ database: adapt(database) });
  return {
    createAdapter,
    createDriver: () => dialect.createDriver(),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createIntrospector: (db) => dialect.createIntrospector(db),
  };
}

/** SQLite takes back changes of tables too; Kysely leaves a failed upgrade half done unless it is told so. */
function createAdapter(): SqliteAdapter {
  return Object.defineProperty(new SqliteAdapter(), 'supportsTransactionalDdl', { value: true });
}

/** Before 3.51.3 several connections to one WAL can corrupt it. */
function assertVersion(database: DatabaseSync): void {
  const version = String(database.prepare('select sqlite_version() as version').get()?.['version']);
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  if (major * 1e6 + minor * 1e3 + patch < 3_051_003) {
    throw new Error(`SQLite ${version} is too old, 3.51.3 or newer is needed`);
  }
}

/** Kysely prepares every query anew; keeping the few hundred different ones was measured to file half as many events again. */
const keptStatements = 500;

function adapt(database: DatabaseSync): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare: (sql) => {
      const known = statements.get(sql);
      if (known !== undefined) return known;
      // Lists in a query make new texts for ever; then the cache starts anew.
      if (statements.size >= keptStatements) statements.clear();
      const statement = adaptStatement(database.prepare(sql));
      statements.set(sql, statement);
      return statement;
    },
  };
}

function adaptStatement(statement: StatementSync): SqliteStatement {
  const values = (parameters: readonly unknown[]): SQLInputValue[] =>
    parameters.map((value) =>
      typeof value === 'boolean' ? Number(value) : (value as SQLInputValue),
    );
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) =>
      statement.iterate(...values(parameters)) as unknown as IterableIterator<unknown>,
  };
}
