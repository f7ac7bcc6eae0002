/**
 * A real PostgreSQL for tests: a cluster in a temporary folder, reached by a Unix socket only. The server refuses to run
 * as root, so it runs as the user `postgres` then. Nothing of it is worth keeping: it never waits for the disk.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { childEnd } from './processes.ts';

export type TestPostgres = Readonly<{
  /** Makes a database and answers with where it is. */
  createDatabase: (name: string) => Promise<PostgresPlace>;
  /** At once, as in a crash: connections break, the next start recovers. */
  kill: () => Promise<void>;
  start: () => Promise<void>;
  remove: () => Promise<void>;
}>;

type PostgresPlace = Readonly<{
  kind: 'postgres';
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
}>;

const user = 'haoguanjia';
const port = 5432;

/** Where Debian keeps the server's programs; undefined when it is not installed. */
export function postgresPrograms(): string | undefined {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return undefined;
  const [newest] = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  const folder = join(root, newest ?? '', 'bin');
  return existsSync(join(folder, 'initdb')) ? folder : undefined;
}

/** Throws when the programs are not there: ask `postgresPrograms` first. */
export async function createTestPostgres(): Promise<TestPostgres> {
  const programs = postgresPrograms();
  if (programs === undefined) throw new Error('PostgreSQL is not installed');
  const password = randomBytes(12).toString('hex');
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  makeCluster(programs, folder, password);
  let server: ChildProcess | undefined;

  const place = (database: string): PostgresPlace => {
    return { kind: 'postgres', host: folder, port, user, password, database };
  };
  const start = async (): Promise<void> => {
    const settings = [
      'fsync=off',
      'full_page_writes=off',
      'listen_addresses=',
      'max_connections=60',
    ];
    const [program, ...options] = asServer([
      join(programs, 'postgres'),
      ...['-D', join(folder, 'data'), '-k', folder],
      ...settings.flatMap((setting) => ['-c', setting]),
    ]);
    server = spawn(program, options, { stdio: 'ignore', cwd: folder });
    await answering(place('postgres'));
  };
  const kill = async (): Promise<void> => {
    // A SIGKILL would leave its children behind, which go on answering for a while.
    if (server !== undefined) await childEnd(server, 'SIGQUIT');
  };
  await start();
  return {
    createDatabase: async (name) => {
      await asking(place('postgres'), `create database "${name}"`);
      return place(name);
    },
    kill,
    start,
    remove: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function makeCluster(programs: string, folder: string, password: string): void {
  const secret = join(folder, 'password');
  writeFileSync(secret, password);
  const [program, ...options] = asServer([
    join(programs, 'initdb'),
    ...['--no-sync', '-D', join(folder, 'data'), '-U', user, '-E', 'UTF8', '--locale=C.UTF-8'],
    ...['--auth=scram-sha-256', `--pwfile=${secret}`],
  ]);
  if (process.getuid?.() === 0) {
    const [uid, gid] = ['-u', '-g'].map((id) => Number(execFileSync('id', [id, 'postgres'])));
    for (const path of [folder, secret]) chownSync(path, uid ?? 0, gid ?? 0);
  }
  execFileSync(program, options, { stdio: 'pipe', cwd: folder });
}

function asServer(command: readonly string[]): [string, ...string[]] {
  const dropping = ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'];
  const [program = '', ...options] = [...(process.getuid?.() === 0 ? dropping : []), ...command];
  return [program, ...options];
}

async function answering(place: PostgresPlace): Promise<void> {
  const until = Date.now() + 30_000;
  for (;;) {
    try {
      return await asking(place, 'select 1');
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function asking({ kind: _, ...place }: PostgresPlace, sql: string): Promise<void> {
  const client = new pg.Client(place);
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end();
  }
}
