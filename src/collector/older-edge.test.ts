/**
 * An upgrade with edges one version behind, and one ahead: what the first edges sent is written down here and never changed,
 * goes through the real intake into the real store, and what the centre answers can be read by them.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCheck } from '../contract/check.ts';
import { toCloudEvent } from '../contract/cloud-event.ts';
import type { Ack } from '../contract/edge-report.ts';
import type { RuleEvent } from '../contract/rule-event.ts';
import { crossingEvent } from '../testing/events.ts';
import { quietIntake } from '../testing/quiet-centre.ts';
import type { Intake } from './intake.ts';
import { createStore } from './store/create-store.ts';
import type { Store } from './store/store.ts';

const nowMs = 1_800_000_001_000;
const topic = (rest: string): string => `haoguanjia/v1/edge-old/${rest}`;

/** Frozen: the first contract, field by field. */
const everyEvent = {
  ...{ schemaVersion: 1, edgeId: 'edge-old', cameraId: 'cam-1', historical: false },
  ...{ capturedAtMs: nowMs - 500, mediaTimeMs: 5000.25 },
};
const everySighting = {
  ...{ ruleId: 'gate', ruleVersion: 3, modelVersion: 'nanodet', trackId: 7, personId: 7 },
  ...{ label: 'person', confidence: 0.8, footPoint: [0.45, 0.6], trail: [[0.4, 0.6]] },
  box: { left: 0.4, top: 0.3, right: 0.5, bottom: 0.6 },
};
const pass = { startedAtMs: nowMs - 9000, mediaTimeMs: 1000, trackId: 3, link: 'probable' };
const oldEvents: readonly Readonly<Record<string, unknown>>[] = [
  { ...everySighting, kind: 'tripwire-crossed', direction: 'a-to-b' },
  { ...everySighting, kind: 'zone-entered', ruleId: 'yard' },
  { ...everySighting, kind: 'zone-left', ruleId: 'yard', staySeconds: 3.5 },
  { ...everySighting, kind: 'dwell-loitering', ruleId: 'door', dwellSeconds: 60 },
  { ...everySighting, kind: 'pass-loitering', ruleId: 'well', passes: [pass, pass, pass] },
  { ...everySighting, kind: 'crowd-gathered', ruleId: 'square', count: 12 },
  { kind: 'camera-offline', reason: 'camera cam-1: it does not answer' },
  { kind: 'camera-back', reason: 'camera cam-1: it is back' },
].map((event, at) => ({
  ...everyEvent,
  ...event,
  sequence: at + 1,
  eventId: `01890000-0000-7000-8000-00000000000${at + 1}`,
}));
const oldHealth = {
  ...{ edgeId: 'edge-old', bootId: 'boot', atMs: nowMs, outboxRows: 4, inferenceMs: 31.5 },
  cameras: [
    {
      ...{ cameraId: 'cam-1', name: 'Gate', state: 'stalled', stateSinceMs: nowMs - 9000 },
      ...{ reason: 'no picture for 5 s', frameAgeMs: 5100, analysedPerSecond: 0 },
      ...{ width: 1920, height: 1080 },
      rules: {
        appliedVersion: 2,
        refused: { version: 3, reason: 'tripwires/0 has an unknown field' },
      },
    },
  ],
};
const oldStatus = { edgeId: 'edge-old', bootId: 'boot', online: true, sinceMs: nowMs - 60_000 };

/** Frozen: how the first edges read what the centre answers. */
const OldAck = Type.Object({
  eventIds: Type.Array(Type.String()),
  snapshotIds: Type.Array(Type.String()),
});

let folder = '';
let store: Store;
let intake: Intake;
let acks: string[] = [];
let refused: string[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'older-edge-'));
  [acks, refused] = [[], []];
  const database = { kind: 'sqlite', file: join(folder, 'centre.sqlite') } as const;
  store = await createStore({ database, places: [] });
  intake = quietIntake(store, {
    store: { ...store, quarantine: async ({ reason }) => void refused.push(reason) },
    acknowledge: (_, ack: Ack) => acks.push(JSON.stringify(ack)),
    now: () => nowMs,
  });
});
afterEach(async () => {
  await intake.stop();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The envelope that the first edges put round an event. */
const enveloped = (event: Readonly<Record<string, unknown>>): Buffer =>
  json({
    ...{ specversion: '1.0', id: event['eventId'], datacontenttype: 'application/json' },
    ...{ source: '/edge/edge-old/camera/cam-1', type: `cn.haoguanjia.${event['kind']}.v1` },
    ...{ time: '2027-01-15T08:00:00.500Z', data: event },
  });
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const acknowledged = (): readonly string[] => {
  const check = createCheck(OldAck);
  return acks.flatMap((text) => {
    const read = check(JSON.parse(text));
    expect(read).toMatchObject({ ok: true });
    return (read as { value: Static<typeof OldAck> }).value.eventIds;
  });
};

test('of the first version: every event, picture and report of it is taken, and acknowledged in words that it knows', async () => {
  intake.take(topic('status'), json(oldStatus));
  intake.take(topic('health'), json(oldHealth));
  for (const event of oldEvents) intake.take(topic('event/cam-1'), enveloped(event));
  const firstId = String(oldEvents[0]?.['eventId']);
  intake.take(topic(`snapshot/${firstId}`), Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1));
  await intake.stop();
  expect(refused).toEqual([]);
  expect(acknowledged().toSorted()).toEqual(oldEvents.map(({ eventId }) => eventId));
  for (const event of oldEvents) expect(await store.event(String(event['eventId']))).toEqual(event);
  expect(await store.snapshot(firstId)).toHaveLength(5);
  const alarms = await store.alarms({ limit: 100 });
  expect(alarms.map(({ event }) => event.kind).sort()).toEqual([
    ...['camera-offline', 'crowd-gathered', 'dwell-loitering', 'pass-loitering'],
    ...['tripwire-crossed', 'zone-entered'],
  ]);
  // The operator sees what it runs, and that it does not know the newest rules yet.
  expect(await store.camera('cam-1')).toMatchObject({
    ...{ edgeId: 'edge-old', state: 'stalled', appliedRulesVersion: 2 },
    refusedRules: { version: 3, reason: 'tripwires/0 has an unknown field' },
  });
});

test('of a version ahead: what it says more is kept; a kind that is not known waits in quarantine and holds nothing up', async () => {
  const ahead = { ...crossingEvent(1, { edgeId: 'edge-old' }), speed: 3.5, limbs: [{ x: 1 }] };
  intake.take(topic('event/cam-1'), Buffer.from(toCloudEvent(ahead)));
  const unknown = { ...crossingEvent(2, { edgeId: 'edge-old' }), kind: 'dog-barked' };
  intake.take(topic('event/cam-1'), enveloped(unknown));
  const next = crossingEvent(3, { edgeId: 'edge-old', ruleId: 'other' });
  intake.take(topic('event/cam-1'), Buffer.from(toCloudEvent(next)));
  intake.take(topic('health'), json({ ...oldHealth, temperature: 61 }));
  await intake.stop();
  expect(await store.event(ahead.eventId)).toEqual(ahead satisfies RuleEvent);
  expect(refused).toHaveLength(1);
  expect(acknowledged().toSorted()).toEqual([ahead, unknown, next].map(({ eventId }) => eventId));
  expect(await store.camera('cam-1')).toMatchObject({ state: 'stalled' });
});
