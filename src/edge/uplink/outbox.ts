/**
 * What the edge has accepted and the centre has not yet acknowledged, in one SQLite file of a bounded size.
 * An event is numbered and written in one durable transaction; it leaves only when it is acknowledged, or, when the
 * file or the disk is full, by the drop book's order and account. The newest acknowledged ones stay for a while, so that
 * a centre that was put back to an older copy can have them again.
 */
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { uuidv7 } from 'uuidv7';
import type { ClockSuspect } from '../../contract/clock-suspect.ts';
import type { DropClass } from '../../contract/delivery-event.ts';
import type { MissingEvents, SequenceRange } from '../../contract/edge-report.ts';
import type { EventDraft, RuleEvent } from '../../contract/rule-event.ts';
import { createBallast } from './ballast.ts';
import { createDropBook, type DropBook } from './drop-book.ts';
import { openOutboxDatabase, takeRoom } from './outbox-database.ts';
import { createOutboxKeeper } from './outbox-keeper.ts';
import { type OutboxReading, readOutbox } from './outbox-reading.ts';
import { checksumOf } from './outbox-row.ts';
import { type OutboxDamage, openMended } from './outbox-salvage.ts';
import { keepMark, markFileOf } from './sequence-mark.ts';

/** `maxBytes` of the database; the ballast and SQLite's log of some megabytes come on top. */
export type OutboxSettings = Readonly<{ maxBytes: number; ballastBytes: number }>;

export const defaultOutboxSettings: OutboxSettings = {
  maxBytes: 256 * 1024 ** 2,
  ballastBytes: 8 * 1024 ** 2,
};

export type Outbox = OutboxReading &
  Readonly<{
    /**
     * Numbers the draft and keeps it; it is safe on disk when this returns. Throws OutboxError when it cannot be
     * written; that is counted as a drop.
     */
    add: (draft: EventDraft, nowMs: number, clock?: ClockFacts) => RuleEvent;
    addSnapshot: (eventId: string, jpeg: Uint8Array, nowMs: number) => void;
    acknowledge: (eventIds: readonly string[], snapshotIds: readonly string[]) => void;
    /** Puts those of the ranges that are still there back into the queue; answers with the others. */
    resend: (ranges: readonly SequenceRange[]) => MissingEvents['missing'];
    /** The next event gets a number above this one. */
    numberAbove: (sequence: number) => void;
    /** What was found at opening: it was damaged, and is mended. */
    damage: OutboxDamage | undefined;
    /** Makes events of the drops that have been counted since the last time, and of a damage. */
    tellDrops: (nowMs: number, clock?: ClockFacts) => void;
    /** The newest time at which anything was stored. */
    newestAtMs: () => number | undefined;
    /** To be called now and then: puts the ballast back when the disk has room again. */
    tend: () => void;
    /** One sentence while the disk is full. */
    fault: () => string | undefined;
    close: () => void;
  }>;

/** `storedAtMs` is what the age is counted from, if not the wall clock's time. */
type ClockFacts = Readonly<{ storedAtMs?: number; clockSuspect?: ClockSuspect }>;

/** Taken inside the file and its log, beside the ballast. */
const mostRoomBytes = 4 * 1024 ** 2;
/** Acknowledged events that are kept all the same. */
const keptAcknowledged = 2000;

/** Opens the file, making it and its folder when they are not there, and mending it when it is damaged. Throws OutboxError. */
export function openOutbox(
  file: string,
  edgeId: string,
  settings: OutboxSettings = defaultOutboxSettings,
): Outbox {
  const parts = openParts(file, edgeId, settings);
  const { database, transact, damage, book, keeper, writing, mark } = parts;

  const insert = (draft: EventDraft, nowMs: number, clock: ClockFacts = {}): RuleEvent => {
    const { storedAtMs = nowMs, clockSuspect } = clock;
    const sequence = writing.nextSequence();
    mark.about(sequence);
    const numbers = numbered(draft, edgeId, sequence, nowMs);
    const event = clockSuspect === undefined ? numbers : { ...numbers, clockSuspect };
    writing.insertEvent(event, dropClassOf(draft), Math.round(storedAtMs));
    return event;
  };

  return {
    ...readOutbox(database, (sequences) => keeper.tidy(() => book.setAside(sequences))),
    add: (draft, nowMs, clock) => {
      const what = { cameraId: draft.cameraId, dropClass: dropClassOf(draft) };
      const event = keeper.keep({ ...what, bytes: largestRowBytes }, () =>
        insert(draft, nowMs, clock),
      );
      mark.given(event.sequence);
      return event;
    },
    addSnapshot: (eventId, jpeg, nowMs) => {
      const cameraId = writing.cameraOf(eventId);
      keeper.keep({ cameraId, dropClass: 'snapshot', bytes: jpeg.length }, () =>
        writing.insertSnapshot(eventId, Math.round(nowMs), jpeg),
      );
    },
    acknowledge: (eventIds, snapshotIds) => {
      keeper.tidy(() => writing.acknowledge(eventIds, snapshotIds));
      if (eventIds.length > 0) mark.delivered();
    },
    resend: (ranges) => keeper.tidy(() => putBack(database, book, ranges)),
    numberAbove: (sequence) => {
      keeper.tidy(() => writing.numberAbove(sequence));
      mark.given(writing.lastSequence());
    },
    newestAtMs: writing.newestAtMs,
    damage,
    tellDrops: (nowMs, clock) => {
      keeper.writeUncounted();
      if (!book.hasUntold()) return;
      transact(() => {
        for (const draft of book.takeUntold(nowMs)) insert(draft, nowMs, clock);
      });
      mark.given(writing.lastSequence());
    },
    tend: keeper.tend,
    fault: keeper.fault,
    close: () => {
      mark.close();
      if (database.isOpen) database.close();
    },
  };
}

function openParts(file: string, edgeId: string, settings: OutboxSettings) {
  const ballast = createBallast(join(dirname(file), 'outbox.ballast'), settings.ballastBytes);
  const room = Math.min(settings.ballastBytes, settings.maxBytes / 4, mostRoomBytes);
  const place = { file, edgeId, maxBytes: settings.maxBytes, makeRoom: ballast.release };
  const { opened, damage } = openMended(place, () => {
    const fresh = openOutboxDatabase(file, settings.maxBytes, ballast.release);
    takeRoom(fresh, room);
    return fresh;
  });
  const { database, transact } = opened;
  const book = createDropBook(database, edgeId);
  const keeper = createOutboxKeeper({ file, ...opened, book, ballast, ...settings });
  const writing = createWriting(database);
  const mark = keepMark(markFileOf(file), writing.identity(), writing.lastSequence());
  return { database, transact, damage, book, keeper, writing, mark };
}

/** Nobody is called for these. */
function dropClassOf({ kind }: Pick<EventDraft, 'kind'>): 'notice' | 'alarm' {
  return ['zone-left', 'camera-back', 'warning-answered'].includes(kind) ? 'notice' : 'alarm';
}

function numbered(draft: EventDraft, edgeId: string, sequence: number, nowMs: number): RuleEvent {
  return {
    ...draft,
    schemaVersion: 1,
    eventId: uuidv7(),
    edgeId,
    sequence,
    historical: false,
    stageTimes: { ...draft.stageTimes, storedAtMs: nowMs },
  };
}

/** An event with its longest trail, and its place in the indexes. */
const largestRowBytes = 16 * 1024;

function createWriting(database: DatabaseSync) {
  const next = database.prepare(
    `insert into counter (name, value) values ('sequence', 1)
     on conflict (name) do update set value = value + 1 returning value`,
  );
  const raise = database.prepare(
    `insert into counter (name, value) values ('sequence', ?1)
     on conflict (name) do update set value = max(value, ?1)`,
  );
  const counter = database.prepare('select value from counter where name = ?');
  const insert = database.prepare(
    `insert into outbox (event_id, sequence, stored_at_ms, event, camera_id, drop_class, checksum)
     values (?, ?, ?, ?, ?, ?, ?)`,
  );
  const newest = database.prepare('select max(stored_at_ms) as newest from outbox');
  const camera = database.prepare('select camera_id from outbox where event_id = ?');
  const snapshot = database.prepare('insert or replace into snapshot values (?, ?, ?)');
  const settle = database.prepare('update outbox set acknowledged = 1 where event_id = ?');
  const forget = database.prepare(
    `delete from outbox where acknowledged = 1 and sequence <=
       (select value from counter where name = 'sequence') - ${keptAcknowledged}`,
  );
  const removeSnapshot = database.prepare('delete from snapshot where event_id = ?');
  return {
    nextSequence: () => Number(next.get()?.['value']),
    numberAbove: (sequence: number) => void raise.run(sequence),
    lastSequence: () => Number(counter.get('sequence')?.['value'] ?? 0),
    identity: () => Number(counter.get('identity')?.['value'] ?? 0),
    insertEvent: (event: RuleEvent, dropClass: DropClass, nowMs: number) => {
      const text = JSON.stringify(event);
      insert.run(
        ...[event.eventId, event.sequence, nowMs, text, event.cameraId, dropClass],
        checksumOf(event.sequence, nowMs, text),
      );
    },
    newestAtMs: (): number | undefined => {
      const at = newest.get()?.['newest'];
      return at === null || at === undefined ? undefined : Number(at);
    },
    cameraOf: (eventId: string) => String(camera.get(eventId)?.['camera_id'] ?? ''),
    insertSnapshot: (eventId: string, nowMs: number, jpeg: Uint8Array) =>
      void snapshot.run(eventId, nowMs, jpeg),
    acknowledge: (eventIds: readonly string[], snapshotIds: readonly string[]): void => {
      for (const id of eventIds) settle.run(id);
      for (const id of snapshotIds) removeSnapshot.run(id);
      if (eventIds.length > 0) forget.run();
    },
  };
}

function putBack(
  database: DatabaseSync,
  book: DropBook,
  ranges: readonly SequenceRange[],
): MissingEvents['missing'] {
  const put = database.prepare(
    'update outbox set acknowledged = 0 where sequence between ? and ? and acknowledged < 2 returning sequence',
  );
  return ranges.flatMap((range) => {
    const there = put
      .all(range.first, range.last)
      .map((row) => Number(row['sequence']))
      .sort((a, b) => a - b)
      .map((sequence) => ({ first: sequence, last: sequence }));
    return without(range, there).flatMap((missing) => {
      const dropped = book.within(missing);
      return [
        ...dropped.map((one) => ({ ...one, why: 'dropped' as const })),
        ...without(missing, dropped).map((one) => ({ ...one, why: 'not-there' as const })),
      ];
    });
  });
}

/** What is left of the range when the holes, in order, are taken out. */
function without(range: SequenceRange, holes: readonly SequenceRange[]): readonly SequenceRange[] {
  const left: SequenceRange[] = [];
  let first = range.first;
  for (const hole of holes) {
    if (hole.first > first) left.push({ first, last: hole.first - 1 });
    first = hole.last + 1;
  }
  return first <= range.last ? [...left, { first, last: range.last }] : left;
}
