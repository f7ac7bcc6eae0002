/** The store on a real database: SQLite here, and once more on PostgreSQL by the file beside this one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FeedMessage } from '../../contract/console-api.ts';
import type { EdgeHealth } from '../../contract/edge-report.ts';
import { crossingEvent } from '../../testing/events.ts';
import { databaseIn } from '../../testing/store-database.ts';
import { acknowledge, decideAlarm } from '../alarms/alarms.ts';
import { createStore } from './create-store.ts';
import type { AlarmContext, AlarmDecision, Store } from './store.ts';

const captured = 1_800_000_000_000;
const nowMs = captured + 200;
let folder = '';
let store: Store;
let told: FeedMessage[] = [];
let ids = 0;

const open = async (): Promise<Store> => {
  const opened = await createStore(
    {
      database: await databaseIn(folder),
      places: [{ cameraId: 'cam-1', name: '东门', lane: 'Lane 1', speakerId: 'lane-1' }],
    },
    () => nowMs,
  );
  opened.onFeed(({ message }) => told.push(message));
  return opened;
};
const decide = (event: ReturnType<typeof crossingEvent>, context: AlarmContext): AlarmDecision => {
  ids += 1;
  return decideAlarm({ event, context, speakerId: 'lane-1', nowMs, newId: () => `id-${ids}` });
};
const file = (...events: ReturnType<typeof crossingEvent>[]) =>
  store.fileEvents(
    events,
    (event, context) => decide(event as ReturnType<typeof crossingEvent>, context),
    nowMs,
  );
const rules = {
  schemaVersion: 1,
  tripwires: [
    {
      ruleId: 'gate',
      name: 'East gate',
      points: [
        [0, 0],
        [1, 1],
      ] as [number, number][],
      response: { announcement: { kind: 'speech', text: '请离开', language: 'zh-CN' } },
    },
  ],
} as const;
const health = (changes: Partial<EdgeHealth['cameras'][number]> = {}): EdgeHealth => ({
  edgeId: 'edge-1',
  bootId: 'boot-1',
  atMs: nowMs,
  outboxRows: 0,
  cameras: [
    {
      cameraId: 'cam-1',
      name: 'gate',
      state: 'live',
      stateSinceMs: captured,
      analysedPerSecond: 5,
      rules: { appliedVersion: 0 },
      ...changes,
    },
  ],
});

/** An edge's answer about the person of that event. */
const answerTo = (warnedEventId: string, sequence: number, given: object) => {
  const { eventId, edgeId, cameraId, mediaTimeMs, historical } = crossingEvent(sequence);
  const facts = { eventId, edgeId, cameraId, mediaTimeMs, historical, capturedAtMs: nowMs };
  const answer = { kind: 'warning-answered', schemaVersion: 1, sequence, warnedEventId, ...facts };
  return { ...answer, afterSeconds: 12, ...given } as unknown as ReturnType<typeof crossingEvent>;
};
/** Of the alarm of the first crossing. */
const announcementOf = async (): Promise<string | undefined> => {
  const alarms = await store.alarms({ limit: 10 });
  return alarms.find(({ event }) => event.sequence === 1)?.announcement?.announcementId;
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
  told = [];
  store = await open();
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('an event', () => {
  test('is filed once, however often it comes, and raises one alarm', async () => {
    const first = await file(crossingEvent(1));
    const again = await file(crossingEvent(1), crossingEvent(1));
    expect(first).toMatchObject([{ duplicate: false, alarm: { state: 'raised' } }]);
    expect(again).toMatchObject([{ duplicate: true }, { duplicate: true }]);
    expect(await store.alarms({ limit: 10 })).toHaveLength(1);
    expect(told.map(({ kind }) => kind)).toEqual(['alarm-raised']);
    expect(await store.event(crossingEvent(1).eventId)).toEqual(crossingEvent(1));
  });

  test('is still there after a restart', async () => {
    await file(crossingEvent(1));
    await store.close();
    store = await open();
    expect(await store.events({ limit: 5 })).toEqual([crossingEvent(1)]);
  });

  test('carries its rule, its place and its snapshot to the console', async () => {
    await store.saveRules('cam-1', rules as never, 0, 'li', nowMs);
    await file(crossingEvent(1));
    await store.saveSnapshot(crossingEvent(1).eventId, Uint8Array.of(0xff, 0xd8, 1), nowMs);
    const [alarm] = await store.alarms({ states: ['raised'], limit: 10 });
    expect(alarm).toMatchObject({
      cameraName: '东门',
      ruleName: 'East gate',
      rule: { kind: 'tripwire', tripwire: { ruleId: 'gate' } },
      hasSnapshot: true,
      announcement: { state: 'queued', wording: '请离开', speakerId: 'lane-1' },
    });
    expect([...((await store.snapshot(crossingEvent(1).eventId)) ?? [])]).toEqual([0xff, 0xd8, 1]);
    expect(told.at(-1)).toMatchObject({ kind: 'alarm-changed', alarm: { hasSnapshot: true } });
  });

  test('that comes in a batch meets the alarm that the one before it raised, which is told once', async () => {
    await file(crossingEvent(1, { ruleId: 'other' }));
    told = [];
    const batch = Array.from({ length: 300 }, (_, at) => crossingEvent(at + 2));
    const filed = await file(...batch, crossingEvent(1, { ruleId: 'other' }));
    expect(filed.filter(({ duplicate }) => duplicate)).toHaveLength(1);
    const [gate, other] = await store.alarms({ limit: 10 });
    expect([gate, other].map((alarm) => alarm?.repeats).sort()).toEqual([0, 299]);
    expect(told).toMatchObject([{ kind: 'alarm-raised', alarm: { repeats: 299 } }]);
    await file(crossingEvent(400), crossingEvent(401));
    expect(told.slice(1)).toMatchObject([{ kind: 'alarm-changed', alarm: { repeats: 301 } }]);
    expect(await store.newestFeedId()).toBe(3);
  });

  test('answers a warning: the alarm says what the street did, and calls again when it is to', async () => {
    const [gate] = rules.tripwires;
    const escalating = {
      ...rules,
      tripwires: [{ ...gate, response: { ...gate.response, escalateIfStillThere: true } }],
    };
    await store.saveRules('cam-1', escalating as never, 0, 'li', nowMs);
    await file(crossingEvent(1));
    await store.claimAnnouncement((await announcementOf()) ?? '', nowMs);
    const { eventId } = crossingEvent(1);
    // A newer alarm of the same rule stays the newest.
    const later = { nowMs: nowMs + 20_000, newId: () => 'newer' };
    await store.fileEvents(
      [crossingEvent(2, { capturedAtMs: captured + 20_000 })],
      (event, context) => decideAlarm({ event, context, ...later }),
      later.nowMs,
    );
    told = [];
    const stays = { outcome: 'still-there', afterSeconds: 30 } as const;
    await file(
      answerTo(eventId, 3, stays),
      answerTo(eventId, 4, { outcome: 'left' }),
      crossingEvent(5, { capturedAtMs: captured + 21_000 }),
    );
    expect(await store.alarm('newer')).toMatchObject({ repeats: 1 });
    const alarm = (await store.alarms({ limit: 10 })).find((one) => one.event.eventId === eventId);
    expect(alarm).toMatchObject({ severity: 'emergency', warning: { ...stays, escalated: true } });
    expect(told).toMatchObject([
      { kind: 'alarm-raised', alarm: { severity: 'emergency', warning: stays } },
      { kind: 'alarm-changed', alarm: { alarmId: 'newer' } },
    ]);
    expect(await file(answerTo(eventId, 3, stays))).toMatchObject([{ duplicate: true }]);

    await store.finishAnnouncement((await announcementOf()) ?? '', 'unreachable', 'gone', nowMs);
    expect(await store.alarm(alarm?.alarmId ?? '')).not.toHaveProperty('warning');
  });

  test('that fails in the middle of a batch leaves nothing of the batch behind', async () => {
    let calls = 0;
    const failing = store.fileEvents(
      [crossingEvent(1), crossingEvent(2)],
      () => {
        calls += 1;
        if (calls === 2) throw new Error('policy failed');
        return { kind: 'none' };
      },
      nowMs,
    );
    await expect(failing).rejects.toThrow('policy failed');
    expect(await store.events({ limit: 5 })).toEqual([]);
    expect(told).toEqual([]);
  });
});

describe('an announcement', () => {
  beforeEach(async () => {
    await store.saveRules('cam-1', rules as never, 0, 'li', nowMs);
    await file(crossingEvent(1));
  });

  test('is claimed by one only, also after a restart', async () => {
    const [order] = await store.queuedAnnouncements();
    const id = order?.announcementId ?? '';
    const claims = await Promise.all([
      store.claimAnnouncement(id, nowMs),
      store.claimAnnouncement(id, nowMs),
    ]);
    expect(claims.filter(Boolean)).toHaveLength(1);
    await store.close();
    store = await open();
    expect(await store.claimAnnouncement(id, nowMs)).toBe(false);
    expect(await store.queuedAnnouncements()).toEqual([]);
  });

  test('keeps its first outcome', async () => {
    const [order] = await store.queuedAnnouncements();
    const id = order?.announcementId ?? '';
    await store.claimAnnouncement(id, nowMs);
    await store.finishAnnouncement(id, 'unreachable', 'no route', nowMs);
    await store.finishAnnouncement(id, 'sent', undefined, nowMs);
    const [alarm] = await store.alarms({ limit: 1 });
    expect(alarm?.announcement).toMatchObject({ state: 'unreachable', reason: 'no route' });
  });
});

test('an alarm changes by its life and the console is told', async () => {
  const [filed] = await file(crossingEvent(1));
  const alarmId = filed?.alarm?.alarmId ?? '';
  const changed = await store.changeAlarm(
    alarmId,
    (alarm) => {
      const change = acknowledge(alarm, 'li', nowMs);
      return change.ok ? change.alarm : undefined;
    },
    nowMs,
  );
  expect(changed).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'li' });
  expect(await store.alarms({ states: ['raised'], limit: 5 })).toEqual([]);
  expect(told.at(-1)).toMatchObject({ kind: 'alarm-changed', alarm: { state: 'acknowledged' } });
});

describe('rules', () => {
  test('get the next version when nobody saved in between, and name the conflict otherwise', async () => {
    const first = await store.saveRules('cam-1', rules as never, 0, 'li', nowMs);
    const late = await store.saveRules('cam-1', { schemaVersion: 1 }, 0, 'wu', nowMs);
    expect(first).toMatchObject({ ok: true, saved: { rulesVersion: 1 } });
    expect(late).toEqual({ ok: false, currentVersion: 1 });
    expect(await store.rules('cam-1')).toMatchObject({ rulesVersion: 1, rules });
    expect([...(await store.rulesVersions(['cam-1', 'cam-2']))]).toEqual([['cam-1', 1]]);
    expect(await store.allRules()).toMatchObject([{ cameraId: 'cam-1', rulesVersion: 1 }]);
  });
});

describe('edges and cameras', () => {
  test('a changed camera is told once; a small change of its frame rate is no news', async () => {
    await store.recordHealth(health());
    await store.recordHealth(health({ analysedPerSecond: 4.8 }));
    await store.recordHealth(health({ state: 'offline', reason: 'no picture' }));
    const cameras = told.filter(({ kind }) => kind === 'camera-changed');
    expect(cameras).toMatchObject([
      { camera: { state: 'live', name: '东门', lane: 'Lane 1' } },
      { camera: { state: 'offline', reason: 'no picture' } },
    ]);
  });

  test('many edges are recorded at once; a camera that is named twice counts as named last', async () => {
    const [camera] = health().cameras;
    const twice = [camera, { ...camera, state: 'stalled' }] as EdgeHealth['cameras'];
    const others = ['edge-2', 'edge-3'].map((edgeId) => {
      const cameras = twice.map((one) => ({ ...one, cameraId: `${edgeId}-cam` }));
      return { ...health(), edgeId, cameras };
    });
    await store.recordHealths([health(), ...others]);
    told = [];
    await store.recordHealths([health({ analysedPerSecond: 4 }), ...others]);
    expect(await store.edges()).toHaveLength(3);
    expect(await store.camera('cam-1')).toMatchObject({ analysedPerSecond: 4 });
    expect(await store.camera('edge-3-cam')).toMatchObject({ state: 'stalled' });
  });

  test('the will of an edge darkens its cameras, that of an earlier life does not', async () => {
    const status = { edgeId: 'edge-1', sinceMs: nowMs } as const;
    await store.recordStatus({ ...status, bootId: 'boot-1', online: true });
    await store.recordHealth(health());
    await store.recordStatus({ ...status, bootId: 'boot-0', online: false });
    expect(await store.camera('cam-1')).toMatchObject({ state: 'live' });
    await store.recordStatus({ ...status, bootId: 'boot-1', online: false });
    expect(await store.camera('cam-1')).toMatchObject({
      state: 'offline',
      reason: 'edge edge-1 is not reachable',
    });
    expect(await store.edges()).toMatchObject([{ edgeId: 'edge-1', online: false }]);
  });
});

test('the feed is read again from where a console stopped', async () => {
  await file(crossingEvent(1));
  const seen = await store.newestFeedId();
  await file(crossingEvent(2, { capturedAtMs: captured + 60_000 }));
  const missed = await store.feedSince(seen, 100);
  expect(missed.map(({ message }) => message.kind)).toEqual(['alarm-raised']);
  expect(missed[0]?.feedId).toBe(seen + 1);
});

test('a database that is none is refused with its path and the mend', async () => {
  await expect(
    createStore({
      database: { kind: 'sqlite', file: join('/dev/null', 'centre.sqlite') },
      places: [],
    }),
  ).rejects.toThrow(/centre\.sqlite cannot be used .*check that its folder is writable/);
});
