/** What waits in the outbox, in the order in which it is to leave. */
import type { DatabaseSync } from 'node:sqlite';
import type { RuleEvent } from '../../contract/rule-event.ts';
import { eventIn } from './outbox-row.ts';

export type OutboxRow = Readonly<{ event: RuleEvent; storedAtMs: number }>;
type SnapshotRow = Readonly<{ eventId: string; jpeg: Uint8Array }>;

export type OutboxReading = Readonly<{
  /** Events that were stored at `sinceMs` or later, oldest first, without those in flight. */
  live: (sinceMs: number, limit: number, except: ReadonlySet<string>) => readonly OutboxRow[];
  /** The others, oldest first. */
  late: (sinceMs: number, limit: number, except: ReadonlySet<string>) => readonly OutboxRow[];
  /** Newest first: the operator looks at those. */
  snapshots: (limit: number, except: ReadonlySet<string>) => readonly SnapshotRow[];
  /** Events that have not been acknowledged. */
  rows: () => number;
}>;

/** Rows that cannot be sent are handed to `setAside` and left out, so that those behind them go on. */
export function readOutbox(
  database: DatabaseSync,
  setAside: (sequences: readonly number[]) => void,
): OutboxReading {
  const select =
    'select event_id, sequence, stored_at_ms, event, checksum from outbox where acknowledged = 0';
  const live = database.prepare(`${select} and stored_at_ms >= ? order by sequence limit ?`);
  const late = database.prepare(`${select} and stored_at_ms < ? order by sequence limit ?`);
  const count = database.prepare('select count(*) as count from outbox where acknowledged = 0');
  const snapshotIds = database.prepare(
    'select event_id from snapshot order by stored_at_ms desc limit ?',
  );
  const snapshot = database.prepare('select jpeg from snapshot where event_id = ?');
  // Reading past the rows in flight keeps the statements simple; the window bounds how many those can be.
  const read =
    (statement: typeof live) =>
    (sinceMs: number, limit: number, except: ReadonlySet<string>): readonly OutboxRow[] =>
      limit <= 0
        ? []
        : readable(
            statement
              .all(sinceMs, limit + except.size)
              .filter((row) => !except.has(String(row['event_id'])))
              .slice(0, limit),
            setAside,
          );

  return {
    live: read(live),
    late: read(late),
    snapshots: (limit, except) =>
      snapshotIds
        .all(limit + except.size)
        .map((row) => String(row['event_id']))
        .filter((id) => !except.has(id))
        .slice(0, limit)
        .map((eventId) => ({ eventId, jpeg: snapshot.get(eventId)?.['jpeg'] as Uint8Array })),
    rows: () => Number(count.get()?.['count']),
  };
}

function readable(
  rows: readonly Readonly<Record<string, unknown>>[],
  setAside: (sequences: readonly number[]) => void,
): readonly OutboxRow[] {
  const read = rows.map((row) => ({ row, event: eventIn(row) }));
  const bad = read.flatMap(({ row, event }) =>
    event === undefined ? [Number(row['sequence'])] : [],
  );
  if (bad.length > 0) setAside(bad);
  return read.flatMap(({ row, event }) =>
    event === undefined ? [] : [{ event, storedAtMs: Number(row['stored_at_ms']) }],
  );
}
