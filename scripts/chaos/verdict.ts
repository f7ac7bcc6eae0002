/** Compares what the edge kept with what the centre stored, and asks both databases whether they are whole. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ProducerLog } from './producer-log.ts';

export type Verdict = Readonly<{
  accepted: number;
  stored: number;
  /** Kept by the edge and not at the centre. */
  lost: number;
  /** At the centre and never tried by the edge. */
  unexpected: number;
  /** Rows beyond one for each event. */
  duplicates: number;
  /** Events that more than one alarm was raised for, alarms that were spoken more than once. */
  doubleAlarms: number;
  doubleAnnouncements: number;
  integrity: 'ok' | string;
}>;

export const collectorFile = (folder: string): string => join(folder, 'data', 'collector.sqlite');

/** The programs have to have ended. */
export function judge(folder: string, { tried, kept }: ProducerLog): Verdict {
  const centre = collectorFile(folder);
  const attempts = readAll(
    centre,
    `select json_extract(body, '$.trackId') as attempt from event where kind = 'tripwire-crossed'`,
  ).map((row) => Number(row['attempt']));
  const stored = new Set(attempts);
  const files = [centre, join(folder, 'edge', 'outbox.sqlite')];
  const faults = files.flatMap((file) =>
    readAll(file, 'pragma integrity_check').map((row) => String(row['integrity_check'])),
  );
  const twice = (table: string, column: string): number =>
    readAll(centre, `select 1 from ${table} group by ${column} having count(*) > 1`).length;
  return {
    accepted: kept.size,
    stored: stored.size,
    lost: [...kept].filter((attempt) => !stored.has(attempt)).length,
    unexpected: [...stored].filter((attempt) => !tried.has(attempt)).length,
    duplicates: attempts.length - stored.size,
    doubleAlarms: twice('alarm', 'event_id'),
    doubleAnnouncements: twice('announcement', 'alarm_id'),
    integrity: faults.find((fault) => fault !== 'ok') ?? 'ok',
  };
}

export function readAll(file: string, sql: string): readonly Record<string, unknown>[] {
  const database = new DatabaseSync(file);
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}
