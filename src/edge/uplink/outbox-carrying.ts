/** What can be read of a damaged outbox, row by row, into a new one: only what is certainly as it was written. */
import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { eventIn } from './outbox-row.ts';
import { readableRows } from './readable-rows.ts';
import type { SequenceMark } from './sequence-mark.ts';

type Row = Readonly<Record<string, unknown>>;
type Of = Readonly<{ edgeId: string; mark: SequenceMark | undefined }>;

export type Carried = Readonly<{
  /** Events that have not been acknowledged. */
  kept: number;
  /** The highest number that was found to be given. */
  lastSequence: number;
}>;

/** Without a mark: a counter that is this much ahead of its events is not believed. */
const mostAhead = 100_000;

/** Inside a transaction of `into`, whose tables are there and empty. */
export function carryOver(file: string, into: DatabaseSync, of: Of): Carried {
  const highest = of.mark?.ceiling ?? Number.MAX_SAFE_INTEGER - mostAhead;
  const counters: number[] = [];
  for (const source of sourcesOf(file, of.mark)) {
    const counted = numberIn(source, 'sequence');
    if (counted !== undefined && counted <= highest) counters.push(counted);
    carryEvents(source, into, of.edgeId, highest);
    carrySnapshots(source, into);
    carryDrops(source, into, highest);
    source.close();
  }
  const found = into
    .prepare(
      'select coalesce(max(sequence), 0) as highest, count(*) filter (where acknowledged = 0) as kept from outbox',
    )
    .get();
  const seen = Number(found?.['highest']);
  const counted = Math.max(0, ...counters);
  const isLikely = of.mark !== undefined || counted <= seen + mostAhead;
  return { kept: Number(found?.['kept']), lastSequence: isLikely ? Math.max(seen, counted) : seen };
}

/**
 * With its log, and without: the log may be cut short, or another's. What both have is taken from the first; what was
 * acknowledged in between is sent again, and the centre knows it.
 */
function* sourcesOf(file: string, mark: SequenceMark | undefined): Generator<DatabaseSync> {
  // SQLite would remove the log of an empty file.
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0) return;
  const withLog = (): DatabaseSync | undefined => openReadable(file);
  const alone = pathToFileURL(file);
  alone.search = 'immutable=1';
  const withoutLog = (): DatabaseSync | undefined => openReadable(alone);
  const first = withLog();
  const isOurs =
    first !== undefined && (mark === undefined || numberIn(first, 'identity') === mark.identity);
  if (!isOurs) {
    const other = withoutLog();
    if (other !== undefined) yield other;
  }
  if (first !== undefined) yield first;
  if (isOurs && existsSync(`${file}-wal`)) {
    const other = withoutLog();
    if (other !== undefined) yield other;
  }
}

function openReadable(file: string | URL): DatabaseSync | undefined {
  try {
    const database = new DatabaseSync(file, { readOnly: true });
    database.prepare('select count(*) from sqlite_schema').get();
    return database;
  } catch {
    // Not even the list of its tables can be read: there is nothing to carry over.
    return undefined;
  }
}

function numberIn(database: DatabaseSync, name: string): number | undefined {
  try {
    const value = database.prepare('select value from counter where name = ?').get(name)?.['value'];
    return typeof value === 'number' && value >= 0 ? value : undefined;
  } catch {
    return undefined;
  }
}

const isCount = (value: unknown, most = Number.MAX_SAFE_INTEGER): value is number =>
  Number.isSafeInteger(value) && Number(value) > 0 && Number(value) <= most;

function carryEvents(from: DatabaseSync, into: DatabaseSync, edgeId: string, highest: number) {
  const insert = into.prepare(
    `insert or ignore into outbox (event_id, sequence, stored_at_ms, event, camera_id, drop_class, acknowledged, checksum)
     values (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const row of readableRows(from, 'outbox')) {
    const event = eventIn(row);
    const { sequence, stored_at_ms: storedAtMs, acknowledged, checksum } = row;
    if (event?.edgeId !== edgeId || event.sequence !== sequence) continue;
    if (!isCount(sequence, highest) || typeof storedAtMs !== 'number') continue;
    // Was set aside and counted before.
    if (acknowledged === 2) continue;
    const sum = typeof checksum === 'number' ? checksum : null;
    insert.run(
      ...[event.eventId, sequence, storedAtMs, String(row['event']), event.cameraId],
      ...[row['drop_class'] === 'notice' ? 'notice' : 'alarm', Number(acknowledged === 1), sum],
    );
  }
}

function carrySnapshots(from: DatabaseSync, into: DatabaseSync): void {
  const insert = into.prepare('insert or ignore into snapshot values (?, ?, ?)');
  for (const row of readableRows(from, 'snapshot')) {
    const { event_id: eventId, stored_at_ms: storedAtMs, jpeg } = row;
    if (typeof eventId !== 'string' || typeof storedAtMs !== 'number') continue;
    if (jpeg instanceof Uint8Array && isJpeg(jpeg)) insert.run(eventId, storedAtMs, jpeg);
  }
}

function isJpeg(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  const [last, end] = bytes.subarray(-2);
  return first === 0xff && second === 0xd8 && last === 0xff && end === 0xd9;
}

function carryDrops(from: DatabaseSync, into: DatabaseSync, highest: number): void {
  const range = into.prepare('insert or ignore into dropped values (?, ?)');
  for (const { first, last } of readableRows(from, 'dropped'))
    if (isCount(last, highest) && isCount(first, last)) range.run(first, last);
  const tally = into.prepare('insert or ignore into drop_tally values (?, ?, ?, ?, ?)');
  for (const row of readableRows(from, 'drop_tally')) if (isTally(row)) tally.run(...valuesOf(row));
}

const classes: readonly unknown[] = ['clip', 'snapshot', 'notice', 'alarm'];

function isTally(row: Row): boolean {
  const { camera_id: cameraId, drop_class: dropClass, count } = row;
  const isSequence = (value: unknown): boolean => value === null || isCount(value);
  const hasBounds = isSequence(row['first_sequence']) && isSequence(row['last_sequence']);
  return typeof cameraId === 'string' && classes.includes(dropClass) && isCount(count) && hasBounds;
}

function valuesOf(row: Row): (string | number | null)[] {
  const names = ['camera_id', 'drop_class', 'count', 'first_sequence', 'last_sequence'];
  return names.map((name) => row[name] as string | number | null);
}
