/** Whatever comes from the broker is obeyed, or logged and told, never thrown; and nothing leaves the outbox without an acknowledgement that names it. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { topicsOf } from '../../contract/topics.ts';
import { crossingDraft } from '../../testing/events.ts';
import { type Outbox, openOutbox } from './outbox.ts';
import { createUplinkReceiver } from './uplink-receiver.ts';

let folder = '';
let outbox: Outbox;
beforeEach(() => {
  folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'receiver-'));
  outbox = openOutbox(join(folder, 'outbox.sqlite'), 'edge-1', {
    maxBytes: 2 ** 20,
    ballastBytes: 0,
  });
});
afterEach(() => {
  outbox.close();
  rmSync(folder, { recursive: true, force: true });
});

const topics = topicsOf('edge-1');
const places = [topics.ack, topics.command, topics.rules('cam-1'), topics.status, '', 'a/b'];
const value = fc.oneof(
  fc.anything(),
  fc.record({
    kind: fc.constantFrom('resend-events', 'number-above', 'start-live', 'watch-leaving', 'x'),
    ranges: fc.anything(),
    sequence: fc.oneof(fc.integer(), fc.double(), fc.string()),
    cameraId: fc.string(),
  }),
  fc.record({
    eventIds: fc.array(fc.oneof(fc.uuid({ version: 7 }), fc.string())),
    snapshotIds: fc.array(fc.uuid({ version: 7 })),
  }),
  fc.record({ cameraId: fc.string(), rulesVersion: fc.integer(), rules: fc.anything() }),
);
const payload = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  value.map((given) => Buffer.from(String(JSON.stringify(given, plain)))),
);
const plain = (_: string, given: unknown) => (typeof given === 'bigint' ? String(given) : given);

test('nothing that is written to its topics throws or takes an event away', () => {
  const { eventId } = outbox.add(crossingDraft(), 1);
  const settled: string[] = [];
  const obeyed: string[] = [];
  const unreadable: string[] = [];
  const receive = createUplinkReceiver({
    edgeId: 'edge-1',
    outbox,
    sender: {
      acknowledged: ({ eventIds, snapshotIds }) => {
        settled.push(...eventIds);
        outbox.acknowledge(eventIds, snapshotIds);
      },
      heardAgain: () => undefined,
      wake: () => undefined,
    },
    clips: undefined,
    answerMissing: () => undefined,
    listeners: {
      onRules: ({ cameraId }) => obeyed.push(cameraId),
      onUnreadableRules: (_, reason) => unreadable.push(reason),
      onCommand: ({ cameraId }) => obeyed.push(cameraId),
    },
    logger: pino({ level: 'silent' }),
  });
  fc.assert(
    fc.property(fc.constantFrom(...places), payload, (topic, bytes) => receive(topic, bytes)),
    { numRuns: 2000 },
  );
  expect(obeyed.filter((cameraId) => !/^[a-z0-9-]{1,32}$/.test(cameraId))).toEqual([]);
  expect(unreadable.length).toBeGreaterThan(100);
  expect(settled).not.toContain(eventId);
  const waiting = outbox.live(0, 10, new Set()).map(({ event }) => event.eventId);
  expect(waiting).toContain(eventId);
  receive(topics.ack, Buffer.from(JSON.stringify({ eventIds: [eventId], snapshotIds: [] })));
  expect(outbox.live(0, 10, new Set())).toEqual([]);
});
