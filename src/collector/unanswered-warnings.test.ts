/** A warning that no edge answers about does not stay without a word. */
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
let store: Store;
let watch: ReturnType<typeof createUnansweredWatch>;
let file: (event: RuleEvent) => Promise<void>;

beforeEach(async () => {
  nowMs = startMs;
  const now = (): number => nowMs;
  store = await createStore({ database: { kind: 'sqlite', file: ':memory:' }, places: [] }, now);
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
afterEach(() => store.close());

const status = (bootId: string, online = true) =>
  store.recordStatus({ edgeId: 'edge-1', bootId, online, sinceMs: nowMs });

/** Somebody crosses and the lane says so, to its end. */
async function warn(): Promise<string> {
  await file(crossingEvent(1, { capturedAtMs: nowMs }));
  const [order] = await store.queuedAnnouncements();
  if (order === undefined) throw new Error('nothing is to be said');
  await store.claimAnnouncement(order.announcementId, nowMs);
  nowMs += 4000;
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
