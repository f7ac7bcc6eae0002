/** A warning that no edge answers about does not stay without a word. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RuleEvent } from '../contract/rule-event.ts';
import { crossingEvent } from '../testing/events.ts';
import { createEventFlow } from './event-flow.ts';
import { createStore } from './store/create-store.ts';
import type { Store } from './store/store.ts';
import { createUnansweredWatch } from './unanswered-warnings.ts';

const startMs = 1_800_000_000_000;
const response = {
  announcement: { kind: 'speech', text: '请离开', language: 'zh-CN' },
  escalateIfStillThere: true,
} as const;
let nowMs: number;
/** What the box's clock is before the centre's. */
let boxAheadMs: number;
let folder: string;
let store: Store;
let watch: ReturnType<typeof createUnansweredWatch>;
let file: (event: RuleEvent) => Promise<void>;

beforeEach(async () => {
  nowMs = startMs;
  boxAheadMs = 0;
  const now = (): number => nowMs;
  folder = mkdtempSync(join(tmpdir(), 'unanswered-'));
  const database = { kind: 'sqlite', file: join(folder, 'centre.sqlite') } as const;
  store = await createStore({ database, places: [] }, now);
  watch = createUnansweredWatch({ store, logger: pino({ level: 'silent' }), now });
  let ids = 0;
  const newId = (): string => {
    ids += 1;
    return `id-${ids}`;
  };
  const ends = { announce: () => undefined, speakerOf: () => 'horn' };
  const flow = createEventFlow({ store, ...ends, newId, now });
  file = (event) => flow.file([event]);
  const tripwires = [
    {
      ruleId: 'gate',
      points: [
        [0, 0],
        [1, 1],
      ] as [number, number][],
      response,
    },
  ];
  await store.saveRules('cam-1', { schemaVersion: 1, tripwires }, 0, 'li', nowMs);
  await status('boot-1');
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const status = (bootId: string, online = true) =>
  store.recordStatus({ edgeId: 'edge-1', bootId, online, sinceMs: nowMs + boxAheadMs });

/** Somebody crosses and the lane says so, to its end. */
async function warn(whileSaid: () => Promise<void> = async () => undefined): Promise<string> {
  await file(crossingEvent(1, { capturedAtMs: nowMs + boxAheadMs }));
  const [order] = await store.queuedAnnouncements();
  if (order === undefined) throw new Error('nothing is to be said');
  await store.claimAnnouncement(order.announcementId, nowMs);
  nowMs += 2000;
  await whileSaid();
  nowMs += 2000;
  await store.finishAnnouncement(order.announcementId, 'answered', undefined, nowMs);
  return order.alarmId;
}

const answer = (outcome: 'left' | 'still-there', capturedAtMs: number): RuleEvent => ({
  ...{ kind: 'warning-answered', schemaVersion: 1, sequence: 2, mediaTimeMs: 0, historical: false },
  ...{ eventId: '01890000-0000-7000-8000-000000000900', edgeId: 'edge-1', cameraId: 'cam-1' },
  ...{ capturedAtMs, warnedEventId: crossingEvent(1).eventId, outcome, afterSeconds: 12 },
});

const warningOf = async (alarmId: string) => (await store.alarm(alarmId))?.warning;

test.each([
  ['box-restarted', () => status('boot-2')],
  ['box-offline', () => status('boot-1', false)],
  ['box-silent', () => Promise.resolve()],
] as const)('the alarm says that there is no answer: %s', async (noAnswer, happen) => {
  const alarmId = await warn();
  nowMs += 10_000;
  await happen();
  nowMs += 45_000;
  await watch.look();
  expect(await warningOf(alarmId)).toBeUndefined();
  nowMs += 10_000;
  await watch.look();
  expect(await warningOf(alarmId)).toEqual({ outcome: 'unknown', afterSeconds: 30, noAnswer });
});

test.each([
  ['right', 0],
  ['six seconds behind', -6000],
  ['six seconds before', 6000],
])('a box that restarts while it is still being said, its clock %s', async (_, aheadMs) => {
  boxAheadMs = aheadMs;
  await status('boot-0');
  nowMs += 1;
  const alarmId = await warn(() => status('boot-2'));
  nowMs += 61_000;
  await watch.look();
  expect(await warningOf(alarmId)).toMatchObject({ noAnswer: 'box-restarted' });
});

test('a box that was there all the time is called silent, whatever its clock', async () => {
  boxAheadMs = 20_000;
  await status('boot-0');
  nowMs += 1;
  const alarmId = await warn();
  nowMs += 61_000;
  await watch.look();
  expect(await warningOf(alarmId)).toMatchObject({ noAnswer: 'box-silent' });
});

test('an answer that was held up takes the place of none, and one that is known stays', async () => {
  const alarmId = await warn();
  nowMs += 70_000;
  await watch.look();
  await file(answer('still-there', nowMs - 40_000));
  expect(await warningOf(alarmId)).toEqual({ outcome: 'still-there', afterSeconds: 12 });
  // So late it calls nobody.
  expect((await store.alarm(alarmId))?.severity).toBe('warning');
  await watch.look();
  expect(await warningOf(alarmId)).toEqual({ outcome: 'still-there', afterSeconds: 12 });
});

test('nobody is missed who was not warned', async () => {
  await file(crossingEvent(1, { capturedAtMs: nowMs }));
  const [order] = await store.queuedAnnouncements();
  await store.claimAnnouncement(order?.announcementId ?? '', nowMs);
  await store.finishAnnouncement(order?.announcementId ?? '', 'unreachable', 'gone', nowMs);
  nowMs += 70_000;
  await watch.look();
  expect(await warningOf(order?.alarmId ?? '')).toBeUndefined();
});
