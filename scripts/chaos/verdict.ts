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
  integrity: 'ok' | string;
}>;

/** The programs have to have ended. */
export function judge(folder: string, { tried, kept }: ProducerLog): Verdict {
  const attempts = readAll(
    join(folder, 'data', 'collector.sqlite'),
    `select json_extract(body, '$.trackId') as attempt from event`,
  ).map((row) => Number(row['attempt']));
  const stored = new Set(attempts);
  const files = [join(folder, 'data', 'collector.sqlite'), join(folder, 'edge', 'outbox.sqlite')];
  const faults = files.flatMap((file) =>
    readAll(file, 'pragma integrity_check').map((row) => String(row['integrity_check'])),
  );
  return {
    accepted: kept.size,
    stored: stored.size,
    lost: [...kept].filter((attempt) => !stored.has(attempt)).length,
    unexpected: [...stored].filter((attempt) => !tried.has(attempt)).length,
    duplicates: attempts.length - stored.size,
    integrity: faults.find((fault) => fault !== 'ok') ?? 'ok',
  };
}

function readAll(file: string, sql: string): readonly Record<string, unknown>[] {
  const database = new DatabaseSync(file);
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}
