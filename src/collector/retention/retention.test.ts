/** The deletion on a real store with real files: ten thousand things of 120 days, certificates, holds, wrong clocks. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DeletionCertificate } from '../../contract/deletion-certificate.ts';
import { crossingEvent } from '../../testing/events.ts';
import { databaseIn } from '../../testing/store-database.ts';
import { type Clips, createClips } from '../clips/clips.ts';
import { createStore } from '../store/create-store.ts';
import type { AlarmDecision, Store } from '../store/store.ts';
import { createRetention, type Retention } from './retention.ts';
import { dayMs, toRetentionRules } from './retention-rules.ts';

const nowMs = 1_800_000_000_000;
const rules = toRetentionRules({
  feedDays: 3650,
  cameras: { 'cam-9': { snapshotDays: 60, clipDays: 60 } },
});
const logger = pino({ level: 'silent' });
const believedSetting = 'retention-believed-at';
let folder = '';
let store: Store;
let clips: Clips;
let jumpMs = 0;
let passedMs = 0;

const retentionNow = (changes: Partial<Parameters<typeof createRetention>[0]> = {}): Retention =>
  createRetention({
    ...{ store, rules, logger, removeFiles: clips.removeFiles },
    readClocks: () => ({ wallMs: nowMs + passedMs + jumpMs, steadyMs: passedMs }),
    ...changes,
  });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'retention-'));
  [jumpMs, passedMs] = [0, 0];
  store = await createStore({ database: await databaseIn(folder), places: [] });
  clips = createClips({ folder: join(folder, 'clips'), store, logger, now: () => nowMs });
  // A centre that was up a moment ago.
  await store.changeSetting(believedSetting, String(nowMs));
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const raise = (event: Parameters<Parameters<Store['fileEvents']>[1]>[0], atMs: number) =>
  ({
    kind: 'raise',
    alarm: {
      ...{ event, cameraId: event.cameraId, ruleName: 'r', repeats: 0, late: false },
      ...{ alarmId: `alarm-${event.sequence}`, state: 'raised', severity: 'warning' },
      ...{ raisedAtMs: atMs, lastEventAtMs: atMs },
    },
  }) satisfies AlarmDecision;

const eventOf = (sequence: number, cameraId = 'cam-1') =>
  crossingEvent(sequence, { cameraId, ruleId: `rule-${sequence}` });

async function addEvents(
  events: readonly ReturnType<typeof eventOf>[],
  ageDays: number,
): Promise<void> {
  const atMs = nowMs - ageDays * dayMs;
  await store.fileEvents(events, (event) => raise(event, atMs), atMs);
}

async function addSnapshot(sequence: number, ageDays: number): Promise<void> {
  const { eventId } = eventOf(sequence);
  await store.saveSnapshot(eventId, Buffer.from('jpeg'), nowMs - ageDays * dayMs);
}

async function addClip(sequence: number, ageDays: number, cameraId = 'cam-1'): Promise<string> {
  const { eventId } = eventOf(sequence);
  const clipId = eventId;
  writeFileSync(clips.fileOf(clipId), 'clip');
  const facts = { clipId, cameraId, eventIds: [eventId], startedAtMs: 1, durationMs: 1, bytes: 4 };
  await store.saveClip('edge-1', { ...facts, sha256: '0'.repeat(64) }, nowMs - ageDays * dayMs);
  return clipId;
}

const hold = (sequence: number) =>
  store.holdEvent(
    { eventId: eventOf(sequence).eventId, reason: 'case 7', by: 'wang', atMs: nowMs },
    nowMs,
  );
async function certificates(): Promise<readonly DeletionCertificate[]> {
  const rows = await store.auditRows({ action: 'recordings-deleted', limit: 100 });
  return rows.map(({ detail }) => JSON.parse(detail ?? '') as DeletionCertificate);
}
const files = (): readonly string[] =>
  readdirSync(join(folder, 'clips')).filter((name) => name !== '.place');

/** Each day: 70 events, with snapshots of the first ten and clips of the first five. Answers with what has to go. */
async function fill(days: number) {
  const due: string[] = [];
  let sequence = 0;
  for (let age = days - 0.5; age > 0; age -= 1) {
    const events = Array.from({ length: 70 }, (_, at) =>
      eventOf(++sequence, at === 4 ? 'cam-9' : `cam-${at % 4}`),
    );
    await addEvents(events, age);
    for (const event of events.slice(0, 10)) await addSnapshot(event.sequence, age);
    for (const event of events.slice(0, 5)) await addClip(event.sequence, age, event.cameraId);
    const isHolding = Math.floor(age) % 20 === 0;
    if (isHolding) await hold(sequence - 69);
    const going = events.filter(
      ({ cameraId }, at) => age > (cameraId === 'cam-9' ? 60 : 30) && !(isHolding && at === 0),
    );
    for (const { eventId, ...event } of going) {
      const at = event.sequence - (sequence - 69);
      due.push(`events ${eventId}`);
      if (at < 10) due.push(`snapshots ${eventId}`);
      if (at < 5) due.push(`clips ${eventId}`);
    }
  }
  return { due, sequence };
}

describe('deletion', () => {
  test('of ten thousand things of 120 days exactly those go that may, with a certificate; the second run finds nothing', async () => {
    const { due, sequence } = await fill(120);
    const wholeClips = files().length;
    expect(due.length).toBeGreaterThan(7000);

    const retention = retentionNow();
    expect(await retention.run()).toBe(due.length);
    const [certificate] = await certificates();
    const countOf = (name: string) => due.filter((line) => line.startsWith(name)).length;
    expect(certificate?.counts).toEqual({
      events: countOf('events'),
      snapshots: countOf('snapshots'),
      clips: countOf('clips'),
    });
    const sorted = due
      .toSorted()
      .map((line) => `${line}\n`)
      .join('');
    expect(certificate).toMatchObject({
      items: due.length,
      sha256: createHash('sha256').update(sorted).digest('hex'),
      oldestMs: nowMs - 119.5 * dayMs,
      newestMs: nowMs - 30.5 * dayMs,
      rule: { profile: 'cn', cameras: { 'cam-9': { events: 60, snapshots: 60, clips: 60 } } },
    });
    expect(certificate?.cameras['cam-9']).toEqual({ events: 60, snapshots: 60, clips: 60 });
    expect(await store.verifyAudit()).toMatchObject({ ok: true });

    const left = await store.events({ limit: 10_000 });
    expect(left).toHaveLength(sequence - countOf('events'));
    expect(await store.alarms({ limit: 10_000 })).toHaveLength(left.length);
    expect(files()).toHaveLength(wholeClips - countOf('clips'));
    expect(await store.clips()).toHaveLength(files().length);
    // What came and went is not taken for what never came.
    expect(await store.sequenceHoles('edge-1')).toEqual([]);
    expect(await store.highestSequence('edge-1')).toBe(sequence);

    expect(await retention.run()).toBe(0);
    expect(await certificates()).toHaveLength(1);
  }, 60_000);

  test('what is held stays whole, until it is released', async () => {
    await addEvents([eventOf(1), eventOf(2)], 100);
    await addSnapshot(1, 100);
    const clipId = await addClip(1, 100);
    expect(await hold(1)).toBe(true);
    expect(await hold(3)).toBe(false);
    const retention = retentionNow();
    expect(await retention.run()).toBe(1);
    const { eventId } = eventOf(1);
    expect((await store.alarm('alarm-1'))?.hold).toEqual({
      ...{ reason: 'case 7', by: 'wang', atMs: nowMs },
    });
    expect(await store.snapshot(eventId)).toBeDefined();
    expect(existsSync(clips.fileOf(clipId))).toBe(true);
    // Nor does it go when somebody asks for it by name.
    for (const dataClass of ['events', 'snapshots', 'clips'] as const)
      expect(await store.removeItems(dataClass, [eventId], 'age')).toBe(0);

    expect(await store.releaseEvent(eventId, nowMs)).toBe(true);
    expect(await store.releaseEvent(eventId, nowMs)).toBe(false);
    expect(await retention.run()).toBe(3);
    expect(await store.event(eventId)).toBeUndefined();
    expect(existsSync(clips.fileOf(clipId))).toBe(false);
  });

  test('an event stays as long as a younger picture of it', async () => {
    await addEvents([eventOf(1)], 40);
    await addSnapshot(1, 20);
    expect(await retentionNow().run()).toBe(0);
    expect(await store.alarm('alarm-1')).toMatchObject({ hasSnapshot: true });
  });

  test('a clip whose file cannot be removed is not said to be deleted before it is', async () => {
    await addEvents([eventOf(1)], 40);
    const stuck = await addClip(1, 40);
    // A folder of that name cannot be unlinked, by whomever.
    rmSync(clips.fileOf(stuck));
    mkdirSync(clips.fileOf(stuck));
    const retention = retentionNow();
    await retention.run();
    expect((await certificates()).map(({ counts }) => counts)).toEqual([{ events: 1 }]);
    await retention.run();
    expect(await certificates()).toHaveLength(1);
    rmdirSync(clips.fileOf(stuck));
    await retention.run();
    expect((await certificates()).map(({ counts }) => counts)).toEqual([
      ...[{ clips: 1 }, { events: 1 }],
    ]);
  });

  test('what a run that was killed had deleted is certified by the next', async () => {
    await addEvents([eventOf(1)], 40);
    await store.removeItems('events', [eventOf(1).eventId], 'age');
    expect(await certificates()).toEqual([]);
    expect(await retentionNow().run()).toBe(0);
    expect((await certificates()).map(({ counts }) => counts)).toEqual([{ events: 1 }]);
  });

  test('messages that were not understood, old live messages and sessions that ran out go too', async () => {
    const atMs = nowMs - 40 * dayMs;
    await store.quarantine({ topic: 't', payload: Buffer.from('x'), reason: 'r', atMs });
    await addEvents([eventOf(1)], 10);
    await addEvents([eventOf(2)], 9);
    const session = { userId: 'wang', createdAtMs: atMs, address: '', program: '' };
    await store.createSession({
      ...session,
      ...{ tokenHash: 'h', sessionId: 's', expiresAtMs: atMs + 1 },
    });
    const newest = await store.newestFeedId();
    expect(await retentionNow({ rules: toRetentionRules() }).run()).toBe(3);
    expect((await certificates())[0]?.counts).toEqual({ quarantine: 1, feed: 1, sessions: 1 });
    expect(await store.newestFeedId()).toBe(newest);
  });
});

describe('a clock that jumps', () => {
  test('by two hours: nothing is deleted for five minutes', async () => {
    await addEvents([eventOf(1)], 29.95);
    const retention = retentionNow();
    expect(await retention.run()).toBe(0);
    jumpMs = 2 * 3600_000;
    for (passedMs = 0; passedMs < 300_000; passedMs += 50_000)
      expect(await retention.run()).toBe(0);
    expect(retention.clockJump()).toBeUndefined();
    expect(await retention.run()).toBe(1);
  });

  test('by a month: nothing is deleted, also after a restart and hours of waiting, before somebody says that it is right', async () => {
    await addEvents([eventOf(1)], 10);
    const before = retentionNow();
    expect(await before.run()).toBe(0);
    expect(await before.confirmClock()).toBe(false);
    jumpMs = 31 * dayMs;
    expect(await before.run()).toBe(0);
    // Stored by the wrong clock, it must not make it look right.
    await store.fileEvents([eventOf(2)], (event) => raise(event, nowMs), nowMs + jumpMs);
    const retention = retentionNow();
    await retention.start();
    await retention.stop();
    const again = retentionNow();
    for (passedMs = 0; passedMs < 10 * 3600_000; passedMs += 3600_000)
      expect(await again.run()).toBe(0);
    expect(again.clockJump()?.toMs).toBe(nowMs + passedMs + jumpMs);
    expect(await again.confirmClock()).toBe(true);
    expect(again.clockJump()).toBeUndefined();
    expect(await again.run()).toBeGreaterThan(0);
    expect(await store.event(eventOf(1).eventId)).toBeUndefined();
  });

  test('at the first start of all it is held against the newest event', async () => {
    await addEvents([eventOf(1)], 40);
    await addEvents([eventOf(2)], 1);
    await store.changeSetting(believedSetting, undefined);
    const retention = retentionNow();
    expect(await retention.run()).toBe(0);
    expect(retention.clockJump()).toMatchObject({ fromMs: nowMs - dayMs, toMs: nowMs });
  });
});

test('the register, blind time and deliveries that nobody sends go when their time is over, and not before', async () => {
  const facts = { actor: 'li', address: '', action: 'access', outcome: 'done' } as const;
  for (const age of [1100, 1000]) await store.record({ ...facts, atMs: nowMs - age * dayMs });
  for (const age of [400, 300])
    await store.recordBlindTime({
      edgeId: 'edge-1',
      entries: [
        {
          day: new Date(nowMs - age * dayMs).toISOString().slice(0, 10),
          ...{ cameraId: 'cam-1', reason: 'offline', seconds: 60 },
        },
      ],
    });
  await retentionNow().run();
  const kept = await store.auditRows({ limit: 10 });
  expect(kept.map(({ number, action }) => [number, action])).toEqual([
    [3, 'register-pruned'],
    [2, 'access'],
  ]);
  expect(await store.verifyAudit()).toMatchObject({ ok: true });
  expect(await store.blindTime('cam-1', '2000-01-01')).toHaveLength(1);
  jumpMs = 10_000 * dayMs;
  await retentionNow().run();
  expect(await store.blindTime('cam-1', '2000-01-01')).toHaveLength(1);
  expect(await store.auditRows({ limit: 10 })).toHaveLength(2);
});

test('a delivery of a webhook that is configured no more does not wait for ever', async () => {
  await store.close();
  const settings = { database: await databaseIn(folder), places: [] };
  store = await createStore({ ...settings, webhookTargets: () => ['gone'] }, () => nowMs);
  const waiting = async () => (await store.deliveriesWaiting())[0]?.count ?? 0;
  await addEvents([eventOf(1)], 4);
  await addEvents([eventOf(2)], 1);
  expect(await waiting()).toBe(2);
  await retentionNow({ removeFiles: async () => 0 }).run();
  expect(await waiting()).toBe(1);
  // An administrator sees it for a week, and then it is gone.
  expect(await store.givenUpDeliveries(10)).toHaveLength(1);
  for (const [days, left] of [
    [6.9, 2],
    [0.2, 1],
  ] as const) {
    passedMs += days * dayMs;
    await store.changeSetting(believedSetting, String(nowMs + passedMs));
    await retentionNow({ removeFiles: async () => 0 }).run();
    expect(await store.givenUpDeliveries(10)).toHaveLength(left);
  }
});
