/**
 * Looks whether an outbox is whole before it is used, and changes nothing in it. SQLite takes an empty file for a new
 * database, a log that was cut short for one that ends there, and the log of another file for its own; the mark beside the
 * outbox tells.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { SequenceMark } from './sequence-mark.ts';

/** SQLITE_ERROR, SQLITE_CORRUPT and SQLITE_NOTADB of https://sqlite.org/rescode.html ; extended codes keep them in their low byte. */
const damagedCodes: ReadonlySet<number> = new Set([1, 11, 26]);

/** Reading a file through takes about a second for each of these; a larger one is not. */
const mostCheckedBytes = 1024 ** 3;

/** One sentence, or undefined when it is sound or there is none and should be none. Throws what is not damage. */
export function damageOf(file: string, mark: SequenceMark | undefined): string | undefined {
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined || size === 0) {
    if (mark === undefined) return undefined;
    return size === undefined ? 'the file is gone' : 'the file is empty';
  }
  let database: DatabaseSync | undefined;
  try {
    if (!hasOurFormat(file)) return 'the file is not a database';
    database = new DatabaseSync(file, { readOnly: true });
    return structureFault(database, size) ?? contentFault(database, mark);
  } catch (cause) {
    const reason = damageIn(cause);
    if (reason === undefined) throw cause;
    return reason;
  } finally {
    database?.close();
  }
}

/** What SQLite says of a file that is damaged; undefined when it says something else. */
export function damageIn(cause: unknown): string | undefined {
  const { errcode, message } = (cause ?? {}) as { errcode?: unknown; message?: string };
  return typeof errcode === 'number' && damagedCodes.has(errcode & 0xff) ? message : undefined;
}

/** The name, and versions for reading and writing that this program knows (https://sqlite.org/fileformat2.html, 1.3). */
function hasOurFormat(file: string): boolean {
  const head = Buffer.alloc(20);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, head, 0, head.length, 0);
  } finally {
    closeSync(handle);
  }
  const isKnown = (version: number | undefined): boolean => version === 1 || version === 2;
  return (
    head.toString('latin1', 0, 16) === 'SQLite format 3\u0000' &&
    isKnown(head[18]) &&
    isKnown(head[19])
  );
}

function structureFault(database: DatabaseSync, size: number): string | undefined {
  if (size > mostCheckedBytes) return undefined;
  const found = String(only(database.prepare('pragma integrity_check(1)').get()));
  // The first line may only say which database it is about.
  return found === 'ok' ? undefined : found.split('\n').find((line) => !line.startsWith('***'));
}

function contentFault(database: DatabaseSync, mark: SequenceMark | undefined): string | undefined {
  const tables = Number(only(database.prepare('select count(*) from sqlite_schema').get()));
  // Made, and not yet filled, by a first start that was cut short.
  if (tables === 0 && mark === undefined) return undefined;
  const counter = (name: string): unknown =>
    database.prepare('select value from counter where name = ?').get(name)?.['value'];
  const [identity, given] = [counter('identity'), Number(counter('sequence') ?? 0)];
  const highest = Number(only(database.prepare('select max(sequence) from outbox').get()) ?? 0);
  if (given < highest) return `number ${highest} is there and only ${given} were given`;
  if (mark === undefined) return undefined;
  if (identity !== mark.identity) return 'the file, or its log, belongs to another outbox';
  if (given < mark.last) return `the numbers from ${given + 1} to ${mark.last} are gone`;
  return undefined;
}

function only(row: Readonly<Record<string, unknown>> | undefined): unknown {
  return Object.values(row ?? {})[0];
}
