/** The intake with the real store: what is acknowledged is stored, what is not stored is not acknowledged. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { toCloudEvent } from '../contract/cloud-event.ts';
import type { Ack } from '../contract/edge-report.ts';
import type { RuleEvent } from '../contract/rule-event.ts';
import { topicsOf } from '../contract/topics.ts';
import { crossingEvent } from '../testing/events.ts';
import { createEventFlow } from './event-flow.ts';
import { createIntake, type Intake } from './intake.ts';
import { createStore } from './store/create-store.ts';
import type { Store } from './store/store.ts';

const topics = topicsOf('edge-1');
const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2, 3);
const nowMs = 1_800_000_001_000;

let folder: string;
let store: Store;
let intake: Intake;
let acks: (Ack & { edgeId: string })[];
let quarantined: string[];
let failing: (event: RuleEvent) => boolean;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'intake-'));
  store = await createStore({
    database: { kind: 'sqlite', file: join(folder, 'centre.sqlite') },
    places: [],
  });
  acks = [];
  quarantined = [];
  failing = () => false;
  const flow = createEventFlow({
    store,
    announce: () => undefined,
    speakerOf: () => undefined,
    newId: uuidv7,
    now: () => nowMs,
  });
  intake = createIntake({
    store: {
      ...store,
      quarantine: (message) => {
        quarantined.push(message.reason);
        return store.quarantine(message);
      },
    },
    fileEvents: async (events) => {
      if (events.some(failing)) throw new Error('the disk is full');
      await flow.file(events);
    },
    acknowledge: (edgeId, ack) => acks.push({ edgeId, ...ack }),
    onHealth: async () => undefined,
    onFiled: async () => undefined,
    onMissing: async () => undefined,
    takeClip: async (_edgeId, { header }) => ({
      clipId: header.clipId,
      received: 0,
      state: 'refused',
    }),
    logger: pino({ level: 'silent' }),
    now: () => nowMs,
  });
});
afterEach(async () => {
  await intake.stop();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const send = (event: RuleEvent, topic = topics.event(event.cameraId)): void =>
  intake.take(topic, Buffer.from(toCloudEvent(event)));
const acknowledged = (): readonly string[] => acks.flatMap(({ eventIds }) => eventIds).sort();
const stored = async (): Promise<readonly string[]> =>
  (await store.events({ limit: 1000 })).map(({ eventId }) => eventId).sort();

describe('the intake', () => {
  test('acknowledges each event once it is stored, and stores a resent one once', async () => {
    const events = Array.from({ length: 250 }, (_, index) => crossingEvent(index + 1));
    for (const event of [...events, ...events.slice(0, 50)]) send(event);
    await intake.stop();
    const ids = events.map(({ eventId }) => eventId).sort();
    expect(await stored()).toEqual(ids);
    expect([...new Set(acknowledged())]).toEqual(ids);
    send(events[0] ?? crossingEvent(1));
    await intake.stop();
    expect(await stored()).toEqual(ids);
    expect(acks.at(-1)).toEqual({ edgeId: 'edge-1', eventIds: [ids[0]], snapshotIds: [] });
  });

  test('acknowledges nothing that could not be stored, and holds up nobody else for it', async () => {
    const events = Array.from({ length: 40 }, (_, index) => crossingEvent(index + 1));
    failing = ({ sequence }) => sequence === 17;
    for (const event of events) send(event);
    await intake.stop();
    const others = events.filter((event) => !failing(event)).map(({ eventId }) => eventId);
    expect(await stored()).toEqual(others.sort());
    expect(acknowledged()).toEqual(others);
    failing = () => false;
    send(crossingEvent(17));
    await intake.stop();
    expect(await stored()).toHaveLength(40);
  });

  test('acknowledges nothing at all while the store is broken', async () => {
    failing = () => true;
    for (let sequence = 1; sequence <= 20; sequence += 1) send(crossingEvent(sequence));
    await intake.stop();
    expect(acks).toEqual([]);
  });

  test.each([
    ['no JSON', 'this is no JSON', /no JSON/, false],
    ['no event', JSON.stringify({ hello: 'there' }), /specversion|id|required/, false],
    [
      'an event of another edge',
      toCloudEvent(crossingEvent(1, { edgeId: 'edge-2' })),
      /edge-1.*edge-2|edge-2.*edge-1/,
      true,
    ],
    [
      'an event of another camera',
      toCloudEvent(crossingEvent(1, { cameraId: 'cam-9' })),
      /cam-9/,
      true,
    ],
    [
      'a number that could not be read back',
      toCloudEvent(crossingEvent(1, {})).replace('"sequence":1', '"sequence":9007199254740993'),
      /sequence/,
      true,
    ],
    [
      'a point outside the picture',
      toCloudEvent(crossingEvent(1, { footPoint: [2, 0.5] })),
      /footPoint/,
      true,
    ],
  ])('keeps %s in quarantine with the reason', async (_what, text, reason, settles) => {
    intake.take(topics.event('cam-1'), Buffer.from(text));
    await intake.stop();
    expect(quarantined).toEqual([expect.stringMatching(reason)]);
    expect(await stored()).toEqual([]);
    // The edge is told to let it go, so that it does not come for ever.
    expect(acks.length).toBe(settles ? 1 : 0);
  });

  test('keeps the snapshot of an event, and refuses what is no picture', async () => {
    const event = crossingEvent(1);
    send(event);
    intake.take(topics.snapshot(event.eventId), jpeg);
    intake.take(topics.snapshot(crossingEvent(2).eventId), Buffer.from('<svg/>'));
    await intake.stop();
    expect(Buffer.from((await store.snapshot(event.eventId)) ?? [])).toEqual(Buffer.from(jpeg));
    expect(quarantined).toEqual([expect.stringMatching(/no JPEG/)]);
    expect(acks.flatMap(({ snapshotIds }) => snapshotIds)).toEqual(
      expect.arrayContaining([event.eventId, crossingEvent(2).eventId]),
    );
  });

  test('files an event that comes late, and calls nobody for it', async () => {
    send(crossingEvent(1, { historical: true, capturedAtMs: nowMs - 600_000 }));
    send(crossingEvent(2, { capturedAtMs: nowMs - 500 }));
    await intake.stop();
    const alarms = await store.alarms({ limit: 10 });
    expect(alarms.map(({ late, event }) => [event.sequence, late]).sort()).toEqual([
      [1, true],
      [2, false],
    ]);
  });
});

test('blind time is kept by camera, rule, day and reason, the latest sum of each, and only for the edge itself', async () => {
  const tell = (edgeId: string, seconds: number): void => {
    const entry = { cameraId: 'gate', day: '2026-11-24', reason: 'offline', seconds };
    const entries = [entry, { ...entry, ruleId: 'wire', reason: 'rate', seconds: 7 }];
    intake.take(topics.blind, new TextEncoder().encode(JSON.stringify({ edgeId, entries })));
  };
  tell('edge-1', 60);
  tell('edge-1', 120);
  tell('edge-2', 999);
  await intake.stop();
  const day = '2026-11-24';
  expect(await store.blindTime('gate', day)).toEqual([
    { cameraId: 'gate', day, reason: 'offline', seconds: 120 },
    { cameraId: 'gate', day, ruleId: 'wire', reason: 'rate', seconds: 7 },
  ]);
  expect(await store.blindTime('gate', '2026-11-25')).toEqual([]);
  expect(quarantined).toEqual(['the topic says edge edge-1, the message edge-2']);
});
