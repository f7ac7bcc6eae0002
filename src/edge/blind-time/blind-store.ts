/** The blind time on the box's disk, so that it survives restarts and tells for how long the box was off. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { BlindReason } from '../../contract/blind-time.ts';
import type { BlindSum } from './blind-ledger.ts';

export type BlindStore = Readonly<{
  kept: () => readonly BlindSum[];
  /** When the box was last known to live; undefined in its first life. */
  aliveAtMs: () => number | undefined;
  /** One transaction; days before `oldestDay` go. */
  save: (sums: readonly BlindSum[], aliveAtMs: number, oldestDay: string) => void;
  close: () => void;
}>;

type Row = Readonly<{
  day: string;
  camera_id: string;
  rule_id: string;
  reason: string;
  ms: number;
}>;

/** Throws when the file cannot be opened. */
export function openBlindStore(file: string): BlindStore {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  database.exec(`
    pragma journal_mode = wal;
    pragma synchronous = normal;
    create table if not exists blind_time (
      day text not null, camera_id text not null, rule_id text not null, reason text not null, ms real not null,
      primary key (day, camera_id, rule_id, reason)
    ) without rowid;
    create table if not exists alive (only_row integer primary key check (only_row = 1), at_ms real not null);
  `);
  const put = database.prepare(
    'insert into blind_time values (?, ?, ?, ?, ?) on conflict do update set ms = excluded.ms',
  );
  const live = database.prepare(
    'insert into alive values (1, ?) on conflict do update set at_ms = excluded.at_ms',
  );
  const forget = database.prepare('delete from blind_time where day < ?');
  return {
    kept: () => (database.prepare('select * from blind_time').all() as Row[]).map(sumOf),
    aliveAtMs: () => {
      const row = database.prepare('select at_ms from alive').get();
      return typeof row?.['at_ms'] === 'number' ? row['at_ms'] : undefined;
    },
    save: (sums, aliveAtMs, oldestDay) => {
      database.exec('begin immediate');
      try {
        for (const { day, cameraId, ruleId = '', reason, milliseconds } of sums)
          put.run(day, cameraId, ruleId, reason, milliseconds);
        live.run(aliveAtMs);
        forget.run(oldestDay);
        database.exec('commit');
      } catch (error) {
        database.exec('rollback');
        throw error;
      }
    },
    close: () => database.close(),
  };
}

function sumOf({ day, camera_id: cameraId, rule_id: ruleId, reason, ms }: Row): BlindSum {
  return {
    ...{ day, cameraId, reason: reason as BlindReason, milliseconds: ms },
    ruleId: ruleId === '' ? undefined : ruleId,
  };
}
