/** A full outbox and a full disk: alarms go last, every drop is counted and told, nothing hangs. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EventDraft, RuleEvent } from '../../contract/rule-event.ts';
import { crossingDraft } from '../../testing/events.ts';
import { canMountTmpfs, type FullDiskFacts, fullDiskScript } from '../../testing/full-disk.ts';
import { liveThrough, outboxLife } from '../../testing/outbox-model.ts';
import { type Outbox, openOutbox } from './outbox.ts';

const none: ReadonlySet<string> = new Set();
const small = { maxBytes: 1024 ** 2, ballastBytes: 0 };
const leftDraft = (): EventDraft => ({ ...crossingDraft(), kind: 'zone-left', staySeconds: 3 });
const waiting = (outbox: Outbox): readonly RuleEvent[] =>
  outbox.live(0, 100_000, none).map(({ event }) => event);
const countOf = (events: readonly RuleEvent[], dropClass: string): number =>
  events.reduce(
    (sum, event) =>
      event.kind === 'events-dropped' && event.dropClass === dropClass ? sum + event.count : sum,
    0,
  );

/** In memory where that can be had: these tests are about room, and thousands of real commits take their time. */
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(memory, 'outbox-full-'));
  file = join(folder, 'outbox.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('snapshots go first, then what calls nobody, and the file stays within its cap', () => {
  const outbox = openOutbox(file, 'edge-1', small);
  const alarms: string[] = [];
  for (let round = 0; round < 150; round += 1) {
    const { eventId } = outbox.add(crossingDraft(), round);
    alarms.push(eventId);
    outbox.addSnapshot(eventId, new Uint8Array(40_000), round);
    for (let notice = 0; notice < 6; notice += 1) outbox.add(leftDraft(), round);
  }
  outbox.tellDrops(1000);
  const left = waiting(outbox);
  const kept = new Set(left.map(({ eventId }) => eventId));
  expect(alarms.filter((id) => !kept.has(id))).toEqual([]);
  expect(countOf(left, 'snapshot')).toBeGreaterThan(100);
  expect(countOf(left, 'notice') + left.filter(({ kind }) => kind === 'zone-left').length).toBe(
    900,
  );
  expect(countOf(left, 'alarm')).toBe(0);
  outbox.close();
  expect(statSync(file).size).toBeLessThanOrEqual(small.maxBytes);
});

test('when there are only alarms left the oldest go, counted with the range of their numbers', () => {
  const outbox = openOutbox(file, 'edge-1', small);
  for (let round = 1; round <= 2000; round += 1) outbox.add(crossingDraft(), round);
  outbox.tellDrops(3000);
  const left = waiting(outbox);
  const told = left.find((event) => event.kind === 'events-dropped');
  const dropped = countOf(left, 'alarm');
  expect(told).toMatchObject({
    cameraId: 'cam-1',
    dropClass: 'alarm',
    firstSequence: 1,
    lastSequence: dropped,
  });
  expect(dropped + left.filter(({ kind }) => kind === 'tripwire-crossed').length).toBe(2000);
  // The centre that asks for them is told why they are not there.
  expect(outbox.resend([{ first: 1, last: dropped + 1 }])).toEqual([
    { first: 1, last: dropped, why: 'dropped' },
  ]);
  outbox.close();
});

test('a snapshot never takes the place of an event; that it was not kept is counted', () => {
  const outbox = openOutbox(file, 'edge-1', small);
  let eventId = '';
  for (let round = 1; round <= 2000; round += 1)
    eventId = outbox.add(crossingDraft(), round).eventId;
  const before = outbox.rows();
  expect(() => outbox.addSnapshot(eventId, new Uint8Array(300_000), 2)).toThrow(/be written/);
  expect(outbox.rows()).toBe(before);
  outbox.tellDrops(3);
  expect(countOf(waiting(outbox), 'snapshot')).toBe(1);
  outbox.close();
});

test('acknowledged events can be had again for a while, and then only the newest of them', () => {
  const outbox = openOutbox(file, 'edge-1', { maxBytes: 64 * 1024 ** 2, ballastBytes: 0 });
  const ids = Array.from({ length: 2500 }, () => outbox.add(crossingDraft(), 1).eventId);
  outbox.acknowledge(ids, []);
  expect(outbox.rows()).toBe(0);
  expect(outbox.resend([{ first: 499, last: 502 }])).toEqual([
    { first: 499, last: 500, why: 'not-there' },
  ]);
  expect(waiting(outbox).map(({ sequence }) => sequence)).toEqual([501, 502]);
  outbox.close();
});

test('the numbers go on above what the centre has seen when the box was put back to an older copy', () => {
  const outbox = openOutbox(file, 'edge-1');
  outbox.add(crossingDraft(), 1);
  outbox.numberAbove(700);
  outbox.numberAbove(30);
  expect(outbox.add(crossingDraft(), 1).sequence).toBe(701);
  outbox.close();
});

test('an outbox of the first version keeps its events and its numbers', () => {
  const old = new DatabaseSync(file);
  const event = { ...crossingDraft(), eventId: 'old', sequence: 7 };
  old.exec(`create table counter (name text primary key, value integer not null) strict;
    create table outbox (event_id text primary key, sequence integer not null unique,
      stored_at_ms integer not null, event text not null) strict;
    create table snapshot (event_id text primary key, stored_at_ms integer not null, jpeg blob not null) strict;
    insert into counter values ('sequence', 7);`);
  old.prepare('insert into outbox values (?, ?, ?, ?)').run('old', 7, 5, JSON.stringify(event));
  old.close();
  const outbox = openOutbox(file, 'edge-1');
  expect(waiting(outbox)).toEqual([event]);
  expect(outbox.add(crossingDraft(), 8).sequence).toBe(8);
  outbox.close();
});

test('whatever happens, what was given to it waits, is acknowledged or counted as dropped', () => {
  let run = 0;
  fc.assert(
    fc.property(outboxLife(50), (steps) => {
      run += 1;
      expect(liveThrough(join(folder, `life-${run}.sqlite`), steps)).toEqual([]);
    }),
    { numRuns: 60, endOnFailure: true },
  );
});

test.runIf(canMountTmpfs())(
  'on a disk that others have filled alarms are kept, it is said, and afterwards all is told and drains',
  () => {
    const output = execFileSync(...fullDiskScript('8m'), { encoding: 'utf8' });
    const facts = JSON.parse(output.trim().split('\n').at(-1) ?? '') as FullDiskFacts;
    expect(facts).toMatchObject({ integrity: 'ok', alarmsLost: 0, faultAfter: null });
    expect(facts.faultWhileFull).toMatch(/is full; free some room/);
    expect(facts.alarmsKeptWhileFull).toBeGreaterThan(100);
    expect(facts.acknowledgedWhileFull).toBe(true);
    expect(facts.counted).toBeGreaterThan(0);
    expect(facts.waiting + facts.acknowledged + facts.counted).toBe(facts.produced);
  },
);
