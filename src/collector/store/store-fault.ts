/** What a failed query says about the database, in words that a caller can act on. */

export type StoreFault = 'full' | 'unreachable';

/** SQLITE_FULL of https://sqlite.org/rescode.html */
const sqliteFull = 13;
/** https://www.postgresql.org/docs/15/errcodes-appendix.html : out of disk; the server goes down, comes up, takes nobody. */
const postgresFull: ReadonlySet<string> = new Set(['53100']);
const unreachable: ReadonlySet<string> = new Set([
  '57P01',
  '57P02',
  '57P03',
  '08000',
  '08003',
  '08006',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'ETIMEDOUT',
]);

/** Undefined for an error that is not the database's condition but a mistake. */
export function storeFaultOf(error: unknown): StoreFault | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, errcode } = error as Error & { code?: string; errcode?: number };
  if (errcode === sqliteFull) return 'full';
  if (code === undefined) return undefined;
  if (code === 'ENOSPC' || postgresFull.has(code)) return 'full';
  return unreachable.has(code) ? 'unreachable' : undefined;
}
