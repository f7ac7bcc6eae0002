/**
 * The oldest rows of the register go when their time is over, and the chain stays whole: what went is written into a row of
 * the register itself, with the hash on which the next row stands. From there the register is verified.
 */
import type { AuditEntry } from './audit.ts';
import type { Connection, Database } from './tables.ts';

/** The last row that went: its number and its hash. */
export type Anchor = Readonly<{ number: number; hash: string }>;

const anchorSetting = 'audit-anchor';
export const pruningAction = 'register-pruned';

type Append = (connection: Connection, entry: AuditEntry) => Promise<boolean>;

/**
 * One transaction; answers with how many rows went. Rows go from the oldest on and none is passed over, so that one which
 * was written under a wrong clock keeps what came after it; the newest always stays.
 */
export function pruneRegister(
  database: Database,
  append: Append,
  { beforeMs, nowMs }: Readonly<{ beforeMs: number; nowMs: number }>,
): Promise<number> {
  return database.transaction().execute(async (connection) => {
    const last = await lastDue(connection, beforeMs);
    if (last === undefined) return 0;
    const anchor: Anchor = { number: Number(last.number), hash: last.hash };
    const gone = await connection
      .deleteFrom('audit')
      .where('number', '<=', anchor.number)
      .executeTakeFirst();
    const facts = { actor: '', address: '', action: pruningAction, outcome: 'done' } as const;
    const rows = Number(gone.numDeletedRows);
    const detail = JSON.stringify({ rows, beforeMs, lastNumber: anchor.number, hash: anchor.hash });
    // Then everything stays as it was, until the next time.
    if (!(await append(connection, { ...facts, atMs: nowMs, detail })))
      throw new Error('the register was written by another meanwhile');
    await saveAnchor(connection, anchor);
    return rows;
  });
}

/** Once a day is enough: each time leaves a row. */
const patienceMs = 86_400_000;

async function lastDue(connection: Connection, beforeMs: number) {
  const oldest = await connection
    .selectFrom('audit')
    .select('at_ms')
    .orderBy('number')
    .limit(1)
    .executeTakeFirst();
  if (oldest === undefined || Number(oldest.at_ms) >= beforeMs - patienceMs) return undefined;
  const firstKept = await connection
    .selectFrom('audit')
    .select(({ fn }) => fn.min('number').as('number'))
    .where('at_ms', '>=', beforeMs)
    .executeTakeFirst();
  const rows = connection.selectFrom('audit').select(['number', 'hash']).orderBy('number', 'desc');
  const kept = firstKept?.number;
  // Of a register that is old as a whole the newest row stays.
  return kept === null || kept === undefined
    ? rows.offset(1).limit(1).executeTakeFirst()
    : rows.where('number', '<', kept).limit(1).executeTakeFirst();
}

async function saveAnchor(connection: Connection, anchor: Anchor): Promise<void> {
  const value = JSON.stringify(anchor);
  await connection
    .insertInto('setting')
    .values({ name: anchorSetting, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}

/** Where the register begins; undefined for one of which nothing has gone. */
export async function anchorOf(connection: Connection): Promise<Anchor | undefined> {
  const row = await connection
    .selectFrom('setting')
    .select('value')
    .where('name', '=', anchorSetting)
    .executeTakeFirst();
  return row === undefined ? undefined : (JSON.parse(row.value) as Anchor);
}

/** Whether the newest note of the register about what went names this beginning. */
export function isNoted(anchor: Anchor, detail: string | null | undefined): boolean {
  const { lastNumber, hash } = JSON.parse(detail ?? '{}') as { lastNumber?: number; hash?: string };
  return lastNumber === anchor.number && hash === anchor.hash;
}
