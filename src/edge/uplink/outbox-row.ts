/** What a row of the outbox must be like to be believed: SQLite keeps no checksum of what it holds. */
import { crc32 } from 'node:zlib';
import { isId } from '../../contract/id.ts';
import type { RuleEvent } from '../../contract/rule-event.ts';

type Row = Readonly<Record<string, unknown>>;

/** The collector takes none that is larger, and a broker may end the connection of whoever sends it. */
const largestEventBytes = 256 * 1024;

export function checksumOf(sequence: number, storedAtMs: number, event: string): number {
  return crc32(`${sequence}/${storedAtMs}/${event}`);
}

/**
 * Undefined when it cannot be sent, or is not what was written; rows of an older program have no checksum. What it is about
 * is for the collector to judge: a newer program may have written it.
 */
export function eventIn(row: Row): RuleEvent | undefined {
  const [text, sequence, storedAtMs] = [row['event'], row['sequence'], row['stored_at_ms']];
  if (typeof text !== 'string' || Buffer.byteLength(text) > largestEventBytes) return undefined;
  const sum = row['checksum'] ?? undefined;
  if (sum !== undefined && sum !== checksumOf(Number(sequence), Number(storedAtMs), text))
    return undefined;
  try {
    const event = JSON.parse(text) as RuleEvent;
    const isOurs = event.eventId === row['event_id'] && Number.isFinite(event.capturedAtMs);
    return isOurs && isId(event.cameraId) && isId(event.edgeId) ? event : undefined;
  } catch {
    return undefined;
  }
}
