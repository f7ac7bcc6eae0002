/**
 * What the outbox lets go when it is full or damaged, and the account of it: every drop is counted per camera and class until it
 * has been told as an event, and the numbers of dropped events are remembered for when the centre asks for them.
 * Order: what was acknowledged already (kept only to be sent again), snapshots, notices, alarms; in each the oldest.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { DropClass } from '../../contract/delivery-event.ts';
import type { SequenceRange } from '../../contract/edge-report.ts';
import type { EventDraft } from '../../contract/rule-event.ts';
import { eventIn } from './outbox-row.ts';
import { damageNote, type OutboxDamage } from './outbox-salvage.ts';

export type DropBook = Readonly<{
  /**
   * Inside a transaction: lets go a few of the least important things, none more important than `incoming`.
   * False when there was nothing.
   */
  shed: (incoming: DropClass) => boolean;
  /** Inside a transaction: counts something that was let go, or never taken (without a number). */
  count: (
    cameraId: string,
    dropClass: DropClass,
    what: Readonly<{ sequence?: number; times?: number }>,
  ) => void;
  /** Inside a transaction: events that cannot be sent; they stay in the file for whoever wants to look. */
  setAside: (sequences: readonly number[]) => void;
  /** Inside a transaction: takes out what has not been told yet. */
  takeUntold: (nowMs: number) => readonly EventDraft[];
  hasUntold: () => boolean;
  /** Numbers that were dropped, within the range. */
  within: (range: SequenceRange) => readonly SequenceRange[];
}>;

const batch = 50;
const snapshotBatch = 4;
/** Older ones are answered as not there when the centre asks. */
const mostRanges = 1000;

const rank: Readonly<Record<DropClass, number>> = { clip: 0, snapshot: 1, notice: 2, alarm: 3 };

/** Drops without a camera, from before cameras were noted, are told in the edge's own name. */
export function createDropBook(database: DatabaseSync, edgeId: string): DropBook {
  const statements = prepare(database);
  const { acknowledged, oldest, snapshots, tally, longer, fresh, forget } = statements;
  const { untold, untoldDamage, anyUntold, overlapping, aside } = statements;
  const count: DropBook['count'] = (cameraId, dropClass, { sequence, times = 1 }) =>
    void tally.run(cameraId === '' ? edgeId : cameraId, dropClass, sequence ?? null, times);
  const remember = (sequence: number): void => {
    if (longer.run(sequence).changes === 0) fresh.run(sequence);
  };
  /** An account that has to give way itself is given anew, and what it tells of is not forgotten. */
  const countAgain = (row: Readonly<Record<string, unknown>>): boolean => {
    const event = row['drop_class'] === 'alarm' ? eventIn(row) : undefined;
    if (event?.kind !== 'events-dropped') return false;
    const { cameraId, dropClass, count: times, firstSequence, lastSequence } = event;
    count(cameraId, dropClass, { times, ...givenSequence(firstSequence) });
    count(cameraId, dropClass, { times: 0, ...givenSequence(lastSequence) });
    return true;
  };
  const drop = (dropClass: 'notice' | 'alarm'): boolean => {
    const rows = oldest.all(dropClass);
    for (const row of rows) {
      const sequence = Number(row['sequence']);
      if (!countAgain(row)) count(String(row['camera_id']), dropClass, { sequence });
      remember(sequence);
    }
    forget.run();
    return rows.length > 0;
  };
  const dropSnapshots = (): boolean => {
    const rows = snapshots.all();
    for (const row of rows) count(String(row['camera_id'] ?? ''), 'snapshot', {});
    return rows.length > 0;
  };

  return {
    count,
    shed: (incoming) =>
      Number(acknowledged.run().changes) > 0 ||
      dropSnapshots() ||
      (rank[incoming] >= rank.notice && drop('notice')) ||
      (rank[incoming] >= rank.alarm && drop('alarm')),
    setAside: (sequences) => {
      for (const sequence of sequences) {
        const row = aside.get(sequence);
        if (row === undefined) continue;
        count(String(row['camera_id']), row['drop_class'] as DropClass, { sequence });
        remember(sequence);
      }
    },
    hasUntold: () => anyUntold.get(damageNote) !== undefined,
    takeUntold: (nowMs) => [
      ...untoldDamage.all(damageNote).map((row) => damageDraft(row, edgeId, nowMs)),
      ...untold.all().map((row) => draftOf(row, nowMs)),
    ],
    within: ({ first, last }) =>
      overlapping.all(first, last).map((row) => ({
        first: Math.max(first, Number(row['first'])),
        last: Math.min(last, Number(row['last'])),
      })),
  };
}

const givenSequence = (sequence: number | undefined) =>
  sequence === undefined ? {} : { sequence };

function prepare(database: DatabaseSync) {
  return {
    acknowledged: database.prepare(
      `delete from outbox where sequence in
       (select sequence from outbox where acknowledged = 1 order by sequence limit ${batch})`,
    ),
    oldest: database.prepare(
      `delete from outbox where sequence in
       (select sequence from outbox where acknowledged = 0 and drop_class = ? order by sequence limit ${batch})
     returning *`,
    ),
    snapshots: database.prepare(
      `delete from snapshot where event_id in
       (select event_id from snapshot order by stored_at_ms limit ${snapshotBatch})
     returning (select camera_id from outbox where outbox.event_id = snapshot.event_id) as camera_id`,
    ),
    tally: database.prepare(
      `insert into drop_tally values (?1, ?2, ?4, ?3, ?3) on conflict (camera_id, drop_class) do update set
       count = count + ?4,
       first_sequence = coalesce(min(first_sequence, ?3), first_sequence, ?3),
       last_sequence = coalesce(max(last_sequence, ?3), last_sequence, ?3)`,
    ),
    longer: database.prepare('update dropped set last = ?1 where last = ?1 - 1'),
    fresh: database.prepare('insert or ignore into dropped values (?1, ?1)'),
    forget: database.prepare(
      `delete from dropped where first < (select first from dropped order by first desc limit 1 offset ${mostRanges})`,
    ),
    aside: database.prepare(
      'update outbox set acknowledged = 2 where sequence = ? returning camera_id, drop_class',
    ),
    untold: database.prepare('delete from drop_tally returning *'),
    untoldDamage: database.prepare('delete from note where name = ? returning value'),
    anyUntold: database.prepare(
      'select 1 from drop_tally union all select 1 from note where name = ? limit 1',
    ),
    overlapping: database.prepare(
      'select first, last from dropped where first <= ?2 and last >= ?1 order by first',
    ),
  };
}

function draftOf(row: Readonly<Record<string, unknown>>, nowMs: number): EventDraft {
  const [first, last] = [row['first_sequence'], row['last_sequence']];
  return {
    kind: 'events-dropped',
    cameraId: String(row['camera_id']),
    capturedAtMs: nowMs,
    mediaTimeMs: 0,
    dropClass: row['drop_class'] as DropClass,
    count: Number(row['count']),
    ...(first === null ? {} : { firstSequence: Number(first), lastSequence: Number(last) }),
  };
}

/** In the edge's own name: it is about all of its cameras. */
function damageDraft(
  row: Readonly<Record<string, unknown>>,
  edgeId: string,
  nowMs: number,
): EventDraft {
  const damage = JSON.parse(String(row['value'])) as OutboxDamage;
  const { reason, kept, lastSequence, missing } = damage;
  return {
    kind: 'outbox-damaged',
    cameraId: edgeId,
    capturedAtMs: nowMs,
    mediaTimeMs: 0,
    reason: reason.slice(0, 300),
    kept,
    lastSequence,
    ...(missing === undefined ? {} : { missing }),
  };
}
