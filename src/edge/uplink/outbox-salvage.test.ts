/** Damaged outboxes: the box starts, says so, keeps what can be read, and gives no number twice. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RuleEvent } from '../../contract/rule-event.ts';
import { createDamagedOutbox } from '../../testing/damaged-outbox.ts';
import { crossingDraft } from '../../testing/events.ts';
import { damageManners } from '../../testing/file-damage.ts';
import { openOutbox } from './outbox.ts';
import { markFileOf, readMark } from './sequence-mark.ts';

const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const none: ReadonlySet<string> = new Set();
let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(memory, 'outbox-salvage-'));
  file = join(folder, 'outbox.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const waiting = (outbox: ReturnType<typeof openOutbox>) =>
  outbox.live(0, 10_000, none).map(({ event }) => event);

/** An outbox with so many events; returns their ids. */
function fill(events: number): readonly string[] {
  const outbox = openOutbox(file, 'edge-1');
  const ids = Array.from({ length: events }, () => outbox.add(crossingDraft(), 1).eventId);
  outbox.close();
  return ids;
}

test('however it was damaged: nothing in silence, nothing made up, no number twice, the damaged one kept', () => {
  const box = createDamagedOutbox(folder, 120);
  fc.assert(
    fc.property(
      fc.array(fc.nat(), { minLength: 600, maxLength: 600 }),
      fc.constantFrom(...damageManners),
      (numbers, manner) => {
        let at = 0;
        const below = (limit: number): number => {
          at += 1;
          return (numbers[at % numbers.length] ?? 0) % limit;
        };
        expect(box.attempt(manner, below).faults).toEqual([]);
      },
    ),
    { numRuns: 26, examples: damageManners.map((manner) => [[5, 77, 1234, 9, 60_001], manner]) },
  );
});

test('what is lost is told with the reason, as an event of the box, once', () => {
  fill(20);
  truncateSync(file, 0);
  const outbox = openOutbox(file, 'edge-1');
  expect(outbox.damage).toMatchObject({ reason: 'the file is empty', kept: 0, lastSequence: 20 });
  outbox.tellDrops(7);
  expect(waiting(outbox)).toMatchObject([
    {
      ...{ kind: 'outbox-damaged', cameraId: 'edge-1', sequence: 21, capturedAtMs: 7 },
      ...{ kept: 0, lastSequence: 20, missing: 20, reason: 'the file is empty' },
    },
  ]);
  outbox.close();
  const again = openOutbox(file, 'edge-1');
  again.tellDrops(8);
  expect(waiting(again)).toHaveLength(1);
  expect(again.damage).toBeUndefined();
  again.close();
});

test('how many are gone is told by a box that never delivered anything, also over restarts, and by no other', () => {
  const told = (): RuleEvent | undefined => {
    const outbox = openOutbox(file, 'edge-1');
    outbox.tellDrops(7);
    const [event] = waiting(outbox).filter(({ kind }) => kind === 'outbox-damaged');
    outbox.close();
    return event;
  };
  const break2of3 = (): void => {
    const database = new DatabaseSync(file);
    database.exec('delete from outbox where sequence in (1, 2)');
    database.exec("update counter set value = 1 where name = 'sequence'");
    database.close();
  };
  fill(3);
  openOutbox(file, 'edge-1').close();
  break2of3();
  expect(told()).toMatchObject({ kept: 1, lastSequence: 3, missing: 2 });

  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  const [first = ''] = fill(3);
  const outbox = openOutbox(file, 'edge-1');
  outbox.acknowledge([first], []);
  outbox.close();
  break2of3();
  const event = told();
  expect(event).toMatchObject({ kept: 1, lastSequence: 3 });
  expect(event).not.toHaveProperty('missing');
});

test('an event whose bytes changed without its structure is not sent, but counted', () => {
  fill(3);
  const database = new DatabaseSync(file);
  database.exec("update outbox set event = replace(event, 'gate', 'gaze') where sequence = 2");
  database.close();
  const outbox = openOutbox(file, 'edge-1');
  expect(waiting(outbox).map(({ sequence }) => sequence)).toEqual([1, 3]);
  outbox.tellDrops(7);
  expect(waiting(outbox).at(-1)).toMatchObject({ kind: 'events-dropped', count: 1 });
  outbox.close();
});

test('after a power cut, numbers go on above all that may have been given', () => {
  fill(7);
  const mark = readMark(markFileOf(file));
  const ceiling = mark?.ceiling ?? 0;
  // What was written before the machine started again is not certain any more.
  const text = JSON.stringify({ ...mark, bootId: 'another', about: 3, last: 3 });
  writeFileSync(markFileOf(file), `${text}\n${crc32(text)}\n`);
  truncateSync(file, 0);
  const mended = openOutbox(file, 'edge-1');
  expect(ceiling).toBeGreaterThan(7);
  expect(mended.add(crossingDraft(), 1).sequence).toBe(ceiling + 1);
  mended.close();
});

test('a box that dies while it mends goes on where it was', () => {
  const ids = fill(9);
  const whole = join(folder, 'whole');
  truncateSync(file, 0);
  openOutbox(file, 'edge-1').close();
  // As it stood just before the new one took the place of the damaged one, whose log was away already.
  copyFileSync(file, whole);
  for (const cutShort of ['before', 'between'] as const) {
    copyFileSync(whole, `${file}.new`);
    const damaged = `${file}.damaged-1`;
    if (cutShort === 'before') renameSync(damaged, file);
    else rmSync(file);
    const outbox = openOutbox(file, 'edge-1');
    expect(outbox.damage).toMatchObject({ lastSequence: 9, setAside: damaged });
    expect(existsSync(damaged)).toBe(true);
    expect(outbox.add(crossingDraft(), 1).sequence).toBeGreaterThan(ids.length);
    outbox.close();
  }
});

test('of the damaged ones the two newest are kept, however often it happens', () => {
  for (let round = 0; round < 4; round += 1) {
    fill(2);
    writeFileSync(file, `not a database ${round}`);
  }
  openOutbox(file, 'edge-1').close();
  const kept = readdirSync(folder).filter((name) => name.includes('.damaged-'));
  expect(kept.sort()).toEqual(['outbox.sqlite.damaged-3', 'outbox.sqlite.damaged-4']);
});

test('a box that was just bought, and one from before the mark, start without a word', () => {
  writeFileSync(file, '');
  const first = openOutbox(file, 'edge-1');
  expect(first.damage).toBeUndefined();
  const { sequence } = first.add(crossingDraft(), 1);
  first.close();
  rmSync(`${file}.mark`);
  const second = openOutbox(file, 'edge-1');
  expect(second.damage).toBeUndefined();
  expect(second.add(crossingDraft(), 1).sequence).toBe(sequence + 1);
  second.close();
});
