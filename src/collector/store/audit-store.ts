/**
 * The register as rows. The hash of a row covers the hash of the row before, so a row that is changed, removed or put in
 * between breaks the chain there; the newest number and hash stand in the settings too, so that missing last rows show.
 */
import { createHash } from 'node:crypto';
import type { AuditRow, AuditVerification } from '../../contract/audit-view.ts';
import type { AuditEntry, Register } from './audit.ts';
import { anchorOf, isNoted, pruneRegister, pruningAction } from './register-pruning.ts';
import type { Connection, Database, Tables } from './tables.ts';

const headSetting = 'audit-head';
const page = 1000;
/** Several collectors add to one register; who comes second takes the next number. */
const mostTries = 20;

type Row = Tables['audit'];
type Head = Readonly<{ number: number; hash: string }>;
const beginning: Head = { number: 0, hash: '' };

export function createAuditStore(database: Database): Register {
  return {
    record: async (entry) => {
      for (let attempt = 0; attempt < mostTries; attempt += 1) {
        if (await database.transaction().execute((connection) => append(connection, entry))) return;
      }
      throw new Error('the register could not be written: others always came first');
    },
    auditRows: (query) => select(database, query),
    verifyAudit: () => verify(database),
    pruneRegister: (order) => pruneRegister(database, append, order),
  };
}

/** False when somebody else has taken the number meanwhile. */
export async function append(connection: Connection, entry: AuditEntry): Promise<boolean> {
  const last = await newest(connection);
  const unsigned = {
    number: last.number + 1,
    at_ms: entry.atMs,
    actor: entry.actor,
    address: entry.address,
    action: entry.action,
    outcome: entry.outcome,
    camera_id: entry.cameraId ?? null,
    object: entry.object ?? null,
    detail: entry.detail ?? null,
  };
  const row = { ...unsigned, hash: hashOf(unsigned, last.hash) };
  const inserted = await connection
    .insertInto('audit')
    .values(row)
    .onConflict((conflict) => conflict.column('number').doNothing())
    .returning('number')
    .executeTakeFirst();
  if (inserted === undefined) return false;
  const value = JSON.stringify({ number: row.number, hash: row.hash } satisfies Head);
  await connection
    .insertInto('setting')
    .values({ name: headSetting, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
  return true;
}

async function newest(connection: Connection): Promise<Head> {
  const row = await connection
    .selectFrom('audit')
    .select(['number', 'hash'])
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? beginning : { number: Number(row.number), hash: row.hash };
}

function hashOf(row: Omit<Row, 'hash'>, before: string): string {
  const fields = [
    before,
    Number(row.number),
    Number(row.at_ms),
    row.actor,
    row.address,
    row.action,
    row.outcome,
    row.camera_id,
    row.object,
    row.detail,
  ];
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex');
}

async function select(
  database: Database,
  query: Parameters<Register['auditRows']>[0],
): Promise<readonly AuditRow[]> {
  if (query.cameraIds?.size === 0) return [];
  let rows = database.selectFrom('audit').selectAll().orderBy('number', 'desc').limit(query.limit);
  if (query.actor !== undefined) rows = rows.where('actor', '=', query.actor);
  if (query.action !== undefined) rows = rows.where('action', '=', query.action);
  if (query.outcome !== undefined) rows = rows.where('outcome', '=', query.outcome);
  if (query.cameraId !== undefined) rows = rows.where('camera_id', '=', query.cameraId);
  if (query.cameraIds !== undefined) rows = rows.where('camera_id', 'in', [...query.cameraIds]);
  if (query.fromMs !== undefined) rows = rows.where('at_ms', '>=', query.fromMs);
  if (query.toMs !== undefined) rows = rows.where('at_ms', '<', query.toMs);
  if (query.beforeNumber !== undefined) rows = rows.where('number', '<', query.beforeNumber);
  return (await rows.execute()).map(toAuditRow);
}

function toAuditRow(row: Row): AuditRow {
  return {
    number: Number(row.number),
    atMs: Number(row.at_ms),
    actor: row.actor,
    address: row.address,
    action: row.action as AuditRow['action'],
    outcome: row.outcome as AuditRow['outcome'],
    ...(row.camera_id === null ? {} : { cameraId: row.camera_id }),
    ...(row.object === null ? {} : { object: row.object }),
    ...(row.detail === null ? {} : { detail: row.detail }),
  };
}

async function verify(database: Database): Promise<AuditVerification> {
  const anchor = await anchorOf(database);
  // Rows that are added meanwhile are for the next time.
  const upTo = await newestSaid(database);
  const { head, note, fault } = await walk(database, anchor ?? beginning, upTo);
  if (fault !== undefined) return fault;
  if (head.number < upTo.number) return broken(head, head.number + 1, 'the row is missing');
  if (head.hash !== upTo.hash) return broken(head, head.number, 'the row is not as it was written');
  if (anchor !== undefined && !isNoted(anchor, note))
    return broken(head, anchor.number, 'rows before this one are gone, and no row says so');
  return { ok: true, rows: head.number - (anchor?.number ?? 0) };
}

/** As far as the chain is whole; `note` is of the last row that tells what went. */
type Walk = Readonly<{ head: Head; note?: string | null; fault?: AuditVerification }>;

async function walk(database: Database, from: Head, upTo: Head): Promise<Walk> {
  let head = from;
  let note: string | null | undefined;
  for (;;) {
    const rows = await pageAfter(database, head, upTo);
    for (const row of rows) {
      const fault = faultAfter(head, row);
      if (fault !== undefined) return { head, fault };
      head = { number: Number(row.number), hash: row.hash };
      if (row.action === pruningAction) note = row.detail;
    }
    if (rows.length < page) return note === undefined ? { head } : { head, note };
  }
}

function faultAfter(head: Head, row: Row): AuditVerification | undefined {
  const due = head.number + 1;
  if (Number(row.number) !== due) return broken(head, due, 'the row is missing');
  const isWhole = row.hash === hashOf(row, head.hash);
  return isWhole ? undefined : broken(head, due, 'the row is not as it was written');
}

function pageAfter(database: Database, head: Head, upTo: Head): Promise<readonly Row[]> {
  return database
    .selectFrom('audit')
    .selectAll()
    .where('number', '>', head.number)
    .where('number', '<=', upTo.number)
    .orderBy('number')
    .limit(page)
    .execute();
}

function broken(head: Head, number: number, reason: string): AuditVerification {
  return { ok: false, rows: head.number, broken: { number, reason } };
}

/** The newest row as the settings name it; a register whose settings are gone too is taken as it stands. */
async function newestSaid(database: Database): Promise<Head> {
  const row = await database
    .selectFrom('setting')
    .select('value')
    .where('name', '=', headSetting)
    .executeTakeFirst();
  return row === undefined ? newest(database) : (JSON.parse(row.value) as Head);
}
