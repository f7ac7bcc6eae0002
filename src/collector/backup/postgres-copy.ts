/** A dump of the PostgreSQL database by its own programs, and putting one back. */
import pg from 'pg';
import type { StoreSettings } from '../store/create-store.ts';
import { BackupError, run } from './archive.ts';

type PostgresSettings = Extract<StoreSettings['database'], { kind: 'postgres' }>;

/**
 * Everything that was committed before the call is in the dump. Answers with the rows of each table in it: they are counted
 * in the very state that is dumped, for rows go while a centre works.
 */
export async function dumpPostgres(
  place: PostgresSettings,
  copy: string,
): Promise<Readonly<Record<string, number>>> {
  return asking(place, async (ask) => {
    await ask('begin isolation level repeatable read read only');
    const rows = await countRows(ask);
    const [state] = await ask('select pg_export_snapshot() as name');
    const options = ['--format=custom', `--file=${copy}`, `--snapshot=${state?.['name']}`];
    run('pg_dump', [...options, ...addressOf(place)], secretOf(place));
    run('pg_restore', ['--list', copy]);
    return rows;
  });
}

/** Replaces what the database has. Throws BackupError while a collector is connected, or when rows are missing after. */
export async function restorePostgres(
  place: PostgresSettings,
  copy: string,
  rows: Readonly<Record<string, number>>,
): Promise<void> {
  const [busy] = await asking(place, (ask) =>
    ask(
      `select count(*)::int as count from pg_stat_activity
       where datname = current_database() and application_name = 'haoguanjia-collector'`,
    ),
  );
  if (Number(busy?.['count']) > 0)
    throw new BackupError(`the centre is running on ${place.database}; stop it before restoring`);
  const options = [
    '--clean',
    '--if-exists',
    '--no-owner',
    '--single-transaction',
    '--exit-on-error',
  ];
  run('pg_restore', [...options, ...addressOf(place), copy], secretOf(place));
  const restored = await asking(place, countRows);
  const missing = Object.entries(rows).find(([name, count]) => (restored[name] ?? 0) < count);
  if (missing !== undefined)
    throw new BackupError(`after the restore rows are missing in the table ${missing[0]}`);
}

type Ask = (sql: string) => Promise<readonly Record<string, unknown>[]>;

async function countRows(ask: Ask): Promise<Readonly<Record<string, number>>> {
  const tables = await ask(
    "select table_name as name from information_schema.tables where table_schema = 'public'",
  );
  const rows: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await ask(`select count(*)::int as count from "${name}"`);
    rows[String(name)] = Number(row?.['count']);
  }
  return rows;
}

async function asking<Result>(
  { kind: _, tls, ...place }: PostgresSettings,
  work: (ask: Ask) => Promise<Result>,
): Promise<Result> {
  const ssl = tls === undefined ? {} : { ssl: { rejectUnauthorized: true, ...tls } };
  const client = new pg.Client({ ...place, ...ssl });
  try {
    await client.connect();
    return await work(async (sql) => (await client.query(sql)).rows);
  } finally {
    await client.end();
  }
}

function addressOf({ host, port, user, database }: PostgresSettings): readonly string[] {
  return [`--host=${host}`, `--port=${port}`, `--username=${user}`, `--dbname=${database}`];
}

/** Other users of the machine can read a command line, not an environment. */
function secretOf({ password, tls }: PostgresSettings): Readonly<Record<string, string>> {
  return {
    ...(password === undefined ? {} : { PGPASSWORD: password }),
    ...(tls === undefined ? {} : { PGSSLMODE: 'verify-full' }),
  };
}
