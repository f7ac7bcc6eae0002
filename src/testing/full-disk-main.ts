/** Runs an outbox in a folder whose disk is filled by somebody else, and prints what became of its events. */
import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EventDraft } from '../contract/rule-event.ts';
import { openOutbox } from '../edge/uplink/outbox.ts';
import { crossingDraft } from './events.ts';
import type { FullDiskFacts } from './full-disk.ts';

const folder = process.argv[2] ?? '';
const settings = { maxBytes: 4 * 1024 ** 2, ballastBytes: 1024 ** 2 };
const file = join(folder, 'outbox.sqlite');
const outbox = openOutbox(file, 'edge-1', settings);
const none: ReadonlySet<string> = new Set();
const counts = { produced: 0, acknowledged: 0, refused: 0 };
const alarms: string[] = [];

const add = (draft: EventDraft): boolean => {
  counts.produced += 1;
  try {
    const { eventId } = outbox.add(draft, counts.produced);
    if (draft.kind === 'tripwire-crossed') alarms.push(eventId);
    return true;
  } catch {
    counts.refused += 1;
    return false;
  }
};
const notice = (): EventDraft => ({ ...crossingDraft(), kind: 'zone-left', staySeconds: 1 });
const fill = (): void => {
  try {
    for (;;) appendFileSync(join(folder, 'filler'), Buffer.alloc(4096));
  } catch {
    // Full, as it should be.
  }
};

for (let round = 0; round < 100; round += 1) {
  add(notice());
  add(crossingDraft());
}
fill();
let kept = 0;
for (let round = 0; round < 400; round += 1) {
  if (add(crossingDraft())) kept += 1;
  add(notice());
}
// Whatever the ballast left is taken as well: from now on only what is deleted makes room.
fill();
for (let round = 0; round < 4000; round += 1) add(notice());
for (let round = 0; round < 50; round += 1) add(crossingDraft());
const faultWhileFull = outbox.fault() ?? null;
const taken = outbox.live(0, 30, none).map(({ event }) => event.eventId);
let acknowledgedWhileFull = true;
try {
  outbox.acknowledge(taken, []);
  counts.acknowledged += taken.length;
} catch {
  acknowledgedWhileFull = false;
}
rmSync(join(folder, 'filler'));
outbox.tend();
outbox.tellDrops(5000);

const left = outbox.live(0, 100_000, none).map(({ event }) => event);
const there = new Set([...left.map(({ eventId }) => eventId), ...taken]);
const facts: FullDiskFacts = {
  produced: counts.produced,
  acknowledged: counts.acknowledged,
  waiting: left.filter(({ kind }) => kind !== 'events-dropped').length,
  counted: left.reduce((sum, one) => sum + (one.kind === 'events-dropped' ? one.count : 0), 0),
  alarmsLost: alarms.filter((id) => !there.has(id)).length,
  alarmsKeptWhileFull: kept,
  acknowledgedWhileFull,
  faultWhileFull,
  faultAfter: outbox.fault() ?? null,
  integrity: integrityOf(),
};
outbox.close();
process.stdout.write(`${JSON.stringify(facts)}\n`);

function integrityOf(): string {
  const database = new DatabaseSync(file, { readOnly: true });
  const [row] = database.prepare('pragma integrity_check').all();
  database.close();
  return String(row?.['integrity_check']);
}
