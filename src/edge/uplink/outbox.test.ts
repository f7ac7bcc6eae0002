/** The outbox against a real SQLite file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { crossingDraft } from '../../testing/events.ts';
import { openOutbox } from './outbox.ts';
import { OutboxError } from './outbox-database.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outbox-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const none: ReadonlySet<string> = new Set();

test('sequence numbers have no gap and go on after a restart', () => {
  const file = join(folder, 'outbox.sqlite');
  const first = openOutbox(file, 'edge-1');
  const before = [first.add(crossingDraft(), 1), first.add(crossingDraft(), 2)];
  first.acknowledge(
    before.map(({ eventId }) => eventId),
    [],
  );
  first.close();

  const second = openOutbox(file, 'edge-1');
  const after = second.add(crossingDraft(), 3);
  second.close();

  expect([...before, after].map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
});

test('a row that cannot be sent is set aside and counted, and holds up nobody behind it', () => {
  const file = join(folder, 'outbox.sqlite');
  const outbox = openOutbox(file, 'edge-1');
  const events = Array.from({ length: 6 }, () => outbox.add(crossingDraft(), 1));
  const ids = events.map(({ eventId }) => eventId);
  outbox.close();
  const database = new DatabaseSync(file);
  const spoil = database.prepare('update outbox set event = ?, checksum = null where sequence = ?');
  const second = JSON.stringify(events[1]);
  spoil.run('{"kind":', 1);
  spoil.run(second.replace('"cam-1"', '"#"'), 2);
  spoil.run(second.replaceAll('test-model', 'x'.repeat(300_000)), 3);
  spoil.run('null', 4);
  spoil.run(JSON.stringify({ ...events[4], kind: 'of-a-newer-program' }), 5);
  database.close();

  const reopened = openOutbox(file, 'edge-1');
  const sent = reopened.live(0, 4, none).concat(reopened.live(0, 4, none));
  expect(new Set(sent.map(({ event }) => event.eventId))).toEqual(new Set(ids.slice(4)));
  expect(reopened.rows()).toBe(2);
  reopened.tellDrops(5);
  const told = reopened.live(0, 10, none).map(({ event }) => event);
  expect(told.find(({ kind }) => kind === 'events-dropped')).toMatchObject({
    ...{ cameraId: 'cam-1', count: 4, firstSequence: 1, lastSequence: 4 },
  });
  // Asked for it, the box says that it has let it go, and does not send it.
  expect(reopened.resend([{ first: 1, last: 4 }])).toEqual([{ first: 1, last: 4, why: 'dropped' }]);
  expect(reopened.rows()).toBe(3);
  reopened.close();
});

test('an event stays until it is acknowledged and is read back as it was written', () => {
  const file = join(folder, 'outbox.sqlite');
  const outbox = openOutbox(file, 'edge-1');
  const event = outbox.add(crossingDraft(), 1000);
  outbox.close();

  const reopened = openOutbox(file, 'edge-1');
  expect(reopened.live(0, 10, none)).toEqual([{ event, storedAtMs: 1000 }]);
  reopened.acknowledge([event.eventId], []);
  expect(reopened.live(0, 10, none)).toEqual([]);
  expect(reopened.rows()).toBe(0);
  reopened.close();
});

test('live events overtake the backlog, and the backlog leaves oldest first', () => {
  const outbox = openOutbox(join(folder, 'outbox.sqlite'), 'edge-1');
  for (const atMs of [1000, 2000, 60_000, 61_000]) outbox.add(crossingDraft(), atMs);
  const order = [...outbox.live(60_000, 10, none), ...outbox.late(60_000, 10, none)].map(
    ({ event }) => event.sequence,
  );
  outbox.close();
  expect(order).toEqual([3, 4, 1, 2]);
});

test('what is in flight is not handed out again', () => {
  const outbox = openOutbox(join(folder, 'outbox.sqlite'), 'edge-1');
  const [first, second] = [outbox.add(crossingDraft(), 1), outbox.add(crossingDraft(), 2)];
  const waiting = outbox.live(0, 1, new Set([first.eventId]));
  outbox.close();
  expect(waiting.map(({ event }) => event.eventId)).toEqual([second.eventId]);
});

test('snapshots are kept byte for byte until they are acknowledged', () => {
  const outbox = openOutbox(join(folder, 'outbox.sqlite'), 'edge-1');
  const { eventId } = outbox.add(crossingDraft(), 1);
  const jpeg = Uint8Array.from({ length: 5000 }, (_, index) => index % 251);
  outbox.addSnapshot(eventId, jpeg, 2);
  const [row] = outbox.snapshots(4, none);
  outbox.acknowledge([], [eventId]);
  const left = outbox.snapshots(4, none);
  outbox.close();
  expect(row?.eventId).toBe(eventId);
  expect(Buffer.from(row?.jpeg ?? []).equals(Buffer.from(jpeg))).toBe(true);
  expect(left).toEqual([]);
});

test('a file that cannot be opened gives one sentence with the place and the mend', () => {
  const notAFolder = join(folder, 'occupied');
  writeFileSync(notAFolder, '');
  const open = () => openOutbox(join(notAFolder, 'outbox.sqlite'), 'edge-1');
  expect(open).toThrow(OutboxError);
  expect(open).toThrow(/occupied\/outbox.sqlite cannot be written; check that the disk has room/);
});
