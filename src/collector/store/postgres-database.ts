/**
 * PostgreSQL behind Kysely. Transactions take turns by an advisory lock, so that a decision which reads before it writes
 * is as sound as on SQLite's one writer, and feed numbers become visible in their order. Several collectors can share it.
 */
import { CompiledQuery, type Dialect, PostgresDialect, type PostgresPoolClient } from 'kysely';
import pg from 'pg';

export type PostgresSettings = Readonly<{
  /** A name, an address, or the folder of a Unix socket. */
  host: string;
  port: number;
  user: string;
  database: string;
  password?: string;
  /** Encrypted and the server's certificate checked, by this authority (PEM) if one is given. */
  tls?: Readonly<{ ca?: string }>;
}>;

export type FeedSignal = Readonly<{
  /** A statement of the writing transaction: it reaches the others with the commit. */
  told: CompiledQuery;
  /** Calls back at each signal and at least each second; answers with the function that ends it. */
  listen: (onSignal: () => void) => () => Promise<void>;
}>;

type OpenPostgres = Readonly<{ dialect: Dialect; feedSignal: FeedSignal }>;

/** Any number that no other program on the same database uses. */
const turnLock = 7_040_611;
const channel = 'haoguanjia_feed';
const pollMs = 1000;
/**
 * For each connection. Whoever stands still within a transaction, because its machine is frozen or has lost its power, gives
 * up its turn, for which all others wait. And a commit waits for the disk, whatever the server usually does.
 */
const sessionSettings = `select set_config('idle_in_transaction_session_timeout', '10s', false),
  set_config('synchronous_commit', replace(current_setting('synchronous_commit'), 'off', 'on'), false)`;

export function openPostgres(settings: PostgresSettings): OpenPostgres {
  const connection = connectionOf(settings);
  const onConnect = (client: pg.ClientBase) => client.query(sessionSettings);
  const pool = new pg.Pool({ ...connection, max: 8, onConnect });
  // A connection that breaks is replaced by the pool; without listeners it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return {
    dialect: new PostgresDialect({
      pool: {
        connect: async () => takingTurns(await pool.connect()),
        end: () => pool.end(),
        options: pool.options,
      },
    }),
    feedSignal: {
      told: CompiledQuery.raw(`select pg_notify('${channel}', '')`),
      listen: (onSignal) => listen(connection, onSignal),
    },
  };
}

function connectionOf({ tls, ...settings }: PostgresSettings): pg.PoolConfig {
  return {
    ...settings,
    application_name: 'haoguanjia-collector',
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    types: { getTypeParser: typeParser },
    ...(tls === undefined ? {} : { ssl: { rejectUnauthorized: true, ...tls } }),
  };
}

/** Counts and times come as numbers: all of them are far below 2^53. */
const typeParser = ((oid: number, format?: 'text' | 'binary') =>
  oid === pg.types.builtins.INT8
    ? Number
    : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser;

/** Every transaction waits for the one before it; text that PostgreSQL cannot hold is made such as it can. */
function takingTurns(client: pg.PoolClient): PostgresPoolClient {
  const query = async (sql: string, parameters: readonly unknown[]) => {
    const result = await client.query(sql, parameters.map(storable));
    if (/^(begin|start transaction)/.test(sql)) {
      await takeTurn(client);
    }
    return result;
  };
  return { query, release: () => client.release() } as unknown as PostgresPoolClient;
}

/** A wait that is ended by the server leaves a transaction open that nobody else knows of. */
async function takeTurn(client: pg.PoolClient): Promise<void> {
  try {
    await client.query(`select pg_advisory_xact_lock(${turnLock})`);
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

function storable(value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : value;
}

/** A connection of its own; while it is away the clock alone calls back. */
function listen(connection: pg.PoolConfig, onSignal: () => void): () => Promise<void> {
  let client: pg.Client | undefined;
  let dialling: Promise<void> | undefined;
  let stopped = false;

  const dial = async (): Promise<void> => {
    const dialled = new pg.Client(connection);
    dialled.on('error', () => undefined);
    dialled.on('end', () => {
      client = undefined;
    });
    dialled.on('notification', onSignal);
    try {
      await dialled.connect();
      await dialled.query(`listen ${channel}`);
      client = dialled;
    } catch {
      // The server is away: the next turn of the clock tries again.
      await dialled.end().catch(() => undefined);
    }
  };
  const redial = (): void => {
    if (client !== undefined || dialling !== undefined || stopped) return;
    dialling = dial().finally(() => {
      dialling = undefined;
    });
  };
  const clock = setInterval(() => {
    redial();
    onSignal();
  }, pollMs);
  redial();

  return async () => {
    stopped = true;
    clearInterval(clock);
    await dialling;
    await client?.end().catch(() => undefined);
  };
}
