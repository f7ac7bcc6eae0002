/** One edge that floods the centre fills neither its memory nor the places of the others. */
import { expect, test } from 'vitest';
import { crossingEvent } from '../testing/events.ts';
import { createWaitingMessages } from './waiting-messages.ts';

const small = new Uint8Array(1000);

test('however many events one edge sends, those of another find room and are soon taken', () => {
  const waiting = createWaitingMessages();
  for (let sequence = 1; sequence <= 25_000; sequence += 1)
    waiting.add('t', small, {
      kind: 'event',
      event: crossingEvent(sequence, { edgeId: 'edge-1' }),
    });
  const other = crossingEvent(25_001, { edgeId: 'edge-2' });
  waiting.add('t', small, { kind: 'event', event: other });
  const soon = [waiting.next(), waiting.next(), waiting.next()].flatMap((round) => round?.events);
  expect(soon).toContain(other);
});

test('the backlog of an edge takes no place of its live events', () => {
  const waiting = createWaitingMessages();
  for (let sequence = 1; sequence <= 2000; sequence += 1) {
    const event = crossingEvent(sequence, { historical: true });
    waiting.add('t', small, { kind: 'event', event });
  }
  const live = crossingEvent(2001);
  waiting.add('t', small, { kind: 'event', event: live });
  expect(waiting.next()?.events[0]).toEqual(live);
});

test('large events of one edge are held up to a size, and go on when they were taken', () => {
  const waiting = createWaitingMessages();
  const large = new Uint8Array(200_000);
  const send = (from: number): void => {
    for (let sequence = from; sequence < from + 900; sequence += 1)
      waiting.add('t', large, { kind: 'event', event: crossingEvent(sequence) });
  };
  const taken = (): number => {
    let count = 0;
    for (let round = waiting.next(); round !== undefined; round = waiting.next())
      count += round.events.length;
    return count;
  };
  send(1);
  expect(taken() * large.length).toBeLessThanOrEqual(16 * 1024 ** 2);
  send(1001);
  expect(taken()).toBeGreaterThan(0);
});

test('snapshots and pieces of clips of one edge leave places for those of others', () => {
  const waiting = createWaitingMessages();
  const snapshotOf = (edgeId: string, sequence: number): void => {
    const { eventId } = crossingEvent(sequence);
    waiting.add('t', small, { kind: 'snapshot', edgeId, eventId, jpeg: small });
  };
  const pieceOf = (edgeId: string, sequence: number): void => {
    const { eventId } = crossingEvent(sequence);
    const facts = { clipId: eventId, cameraId: 'cam-1', eventIds: [eventId], offset: 0 };
    const header = { ...facts, startedAtMs: 1, durationMs: 1, bytes: 10, sha256: '0'.repeat(64) };
    waiting.add('t', small, { kind: 'clip', edgeId, piece: { header, bytes: small } });
  };
  for (let sequence = 1; sequence <= 100; sequence += 1) {
    snapshotOf('edge-1', sequence);
    pieceOf('edge-1', sequence);
  }
  snapshotOf('edge-2', 1001);
  pieceOf('edge-2', 1001);
  const heard = new Set<string>();
  for (let round = waiting.next(); round !== undefined; round = waiting.next()) {
    if (round.snapshot?.edgeId === 'edge-2') heard.add('snapshot');
    if (round.clip?.edgeId === 'edge-2') heard.add('clip');
  }
  expect([...heard].sort()).toEqual(['clip', 'snapshot']);
});
