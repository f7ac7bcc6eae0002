/** Looks for what the contract forbids among what a collector has stored; the collector has to have ended. */
import { DatabaseSync } from 'node:sqlite';
import { createCheck } from '../../src/contract/check.ts';
import { RuleEvent } from '../../src/contract/rule-event.ts';
import { forgedLabel } from './hostile-packets.ts';

const checkEvent = createCheck(RuleEvent);

/** One sentence for each row that ought not to be there. */
export function forbiddenRows(file: string): readonly string[] {
  const database = new DatabaseSync(file);
  try {
    const events = database.prepare('select event_id, edge_id, camera_id, body from event').all();
    const snapshots = database.prepare('select event_id, jpeg from snapshot').all();
    return [
      ...events.flatMap((row) => faultOfEvent(row) ?? []),
      ...snapshots.flatMap(({ event_id: id, jpeg }) =>
        jpeg instanceof Uint8Array && jpeg[0] === 0xff && jpeg[1] === 0xd8
          ? []
          : [`snapshot ${id} is no JPEG`],
      ),
    ];
  } finally {
    database.close();
  }
}

function faultOfEvent(row: Record<string, unknown>): string | undefined {
  const checked = checkEvent(JSON.parse(String(row['body'])));
  const name = `event ${row['event_id']}`;
  if (!checked.ok) return `${name}: ${checked.reason}`;
  const event = checked.value;
  if (event.edgeId !== row['edge_id'] || event.cameraId !== row['camera_id'])
    return `${name} is filed under another edge or camera`;
  return 'label' in event && event.label === forgedLabel ? `${name} is forged` : undefined;
}
