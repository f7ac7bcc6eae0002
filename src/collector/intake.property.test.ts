/**
 * Properties of the intake on a real store: however often and in whatever order messages come, the rows and what is done
 * because of them are the same; and whatever happens between two that file at once, nothing is acknowledged that is not
 * committed. And nothing that anybody writes to any of its topics makes it throw.
 */

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toCloudEvent } from '../contract/cloud-event.ts';
import type { CameraRules } from '../contract/rule.ts';
import type { RuleEvent } from '../contract/rule-event.ts';
import { topicsOf } from '../contract/topics.ts';
import { crossingEvent } from '../testing/events.ts';
import { quietFlow, quietIntake } from '../testing/quiet-centre.ts';
import type { Intake } from './intake.ts';
import { createStore } from './store/create-store.ts';
import type { Store } from './store/store.ts';

const nowMs = 1_800_000_001_000;
/** In memory where that can be had: these are thousands of real commits. */
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2, 3);
const ruleCount = 4;

let folder: string;
let file: string;
let store: Store;
/** Each run has an edge and a camera of its own in the one store. */
let runs = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(memory, 'intake-property-'));
  file = join(folder, 'centre.sqlite');
  store = await createStore({ database: { kind: 'sqlite', file }, places: [] });
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

type Changes = NonNullable<Parameters<typeof quietIntake>[1]>;

const intakeWith = (changes: Changes): Intake =>
  quietIntake(store, { now: () => nowMs, ...changes });

describe('messages that come again and in any order', () => {
  const sent = fc.record({ rule: fc.nat(ruleCount - 1), hasSnapshot: fc.boolean() });
  const delivered = fc.record({
    message: fc.nat(),
    after: fc.constantFrom('at once', 'a turn', 'a restart'),
  });
  test('leave the same rows, alarms, pictures and spoken words as when each comes once', async () => {
    const messages = fc.array(sent, { minLength: 1, maxLength: 8 });
    const deliveries = fc.array(delivered, { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(messages, deliveries, async (list, order) => {
        const once = await openRun(list);
        await once.deliver(once.messages.map((_, message) => ({ message, after: 'at once' })));
        const often = await openRun(list);
        const all = often.messages.map((_, message) => ({ message, after: 'a turn' }) as const);
        await often.deliver([...order, ...all.reverse()]);
        expect(await often.left()).toEqual(await once.left());
      }),
      { numRuns: 40 },
    );
  });
});

type Sent = Readonly<{ rule: number; hasSnapshot: boolean }>;
type Delivery = Readonly<{ message: number; after: 'at once' | 'a turn' | 'a restart' }>;

/** The same list of messages of an edge that is new to the store. */
async function openRun(list: readonly Sent[]) {
  runs += 1;
  const run = runs;
  const [edgeId, cameraId] = [`edge-${run}`, `cam-${run}`];
  const topics = topicsOf(edgeId);
  await store.saveRules(cameraId, rulesThatSpeak, 0, 'li', nowMs);
  const feedId = await store.newestFeedId();
  const events = list.map(({ rule }, at) => eventOf({ edgeId, cameraId, run, at, rule }));
  const messages: (readonly [topic: string, payload: Uint8Array])[] = list.flatMap(
    ({ hasSnapshot }, at) => {
      const event = events[at] as RuleEvent;
      const told = [topics.event(cameraId), Buffer.from(toCloudEvent(event))] as const;
      return hasSnapshot ? [[topics.snapshot(event.eventId), jpeg] as const, told] : [told];
    },
  );
  const day = { cameraId, day: '2027-01-15', reason: 'offline', seconds: 60 };
  messages.push([topics.blind, Buffer.from(JSON.stringify({ edgeId, entries: [day] }))]);

  const spoken: string[] = [];
  const acknowledged = new Set<number>();
  const numberOf = (eventId: string): number => events.findIndex((one) => one.eventId === eventId);
  const flow = quietFlow(store, {
    announce: ({ alarmId }) => spoken.push(alarmId),
    speakerOf: () => 'lane-1',
    now: () => nowMs,
  });
  const open = (): Intake =>
    intakeWith({
      fileEvents: flow.file,
      acknowledge: (_, ack) => {
        for (const id of ack.eventIds) acknowledged.add(numberOf(id));
      },
    });
  return {
    messages,
    deliver: async (deliveries: readonly Delivery[]): Promise<void> => {
      let intake = open();
      for (const { message, after } of deliveries) {
        const [topic, payload] = messages[message % messages.length] ?? ['', jpeg];
        intake.take(topic, payload);
        if (after === 'a turn') await turn();
        if (after === 'a restart') {
          await intake.stop();
          intake = open();
        }
      }
      await intake.stop();
    },
    /** What is in the store and was done, without what differs between any two runs. */
    left: async () => {
      const alarms = await store.alarms({ limit: 1000, cameraId });
      const ruleOf = (alarmId: string) =>
        alarms.find((alarm) => alarm.alarmId === alarmId)?.ruleName;
      const told = (await store.feedSince(feedId, 100_000)).map(({ message }) => message);
      const filed = await store.events({ cameraId, limit: 1000 });
      const pictures = await Promise.all(events.map(({ eventId }) => store.snapshot(eventId)));
      return {
        acknowledged: [...acknowledged].sort(),
        events: filed.map(({ sequence }) => sequence).sort(),
        alarms: alarms
          .map(({ ruleName, late, repeats }) => ({ ruleName, late, repeats }))
          .sort((a, b) => a.ruleName.localeCompare(b.ruleName)),
        pictures: pictures.map((picture) => picture?.length),
        spoken: spoken.map(ruleOf).sort(),
        called: told
          .flatMap((one) => (one.kind === 'alarm-raised' ? [one.alarm] : []))
          .flatMap((alarm) => (alarm.cameraId === cameraId ? [alarm.ruleName] : []))
          .sort(),
        blind: (await store.blindTime(cameraId, '2027-01-01')).map(({ seconds }) => seconds),
        holes: await store.sequenceHoles(edgeId),
      };
    },
  };
}

type Facts = Readonly<{ edgeId: string; cameraId: string; run: number; at: number; rule: number }>;

/** Events of one rule are of one moment: which of them comes first changes nothing but whose picture the alarm has. */
function eventOf({ edgeId, cameraId, run, at, rule }: Facts): RuleEvent {
  const event = crossingEvent(at + 1, {
    ...{ edgeId, cameraId, ruleId: `gate-${rule}` },
    capturedAtMs: nowMs - 500 - rule,
    historical: rule === ruleCount - 1,
  });
  return { ...event, eventId: idOf(run, at) };
}

const idOf = (run: number, at: number): string =>
  `01890000-0000-7000-8000-${(run * 1000 + at).toString(16).padStart(12, '0')}`;

const rulesThatSpeak: CameraRules = {
  schemaVersion: 1,
  tripwires: Array.from({ length: ruleCount }, (_, at) => ({
    ruleId: `gate-${at}`,
    name: `Gate ${at}`,
    points: [
      [0, 0],
      [1, 1],
    ],
    response: { announcement: { kind: 'speech', text: '请离开', language: 'zh-CN' } },
  })),
};

describe('two that file at once', () => {
  test('acknowledge nothing before its commit, whoever comes first and whatever is rolled back', async () => {
    const reader = new DatabaseSync(file, { readOnly: true });
    const isCommitted = reader.prepare('select 1 from event where event_id = ?');
    const outcomes = fc.array(fc.boolean(), { minLength: 1, maxLength: 6 });
    const counts = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), outcomes, counts, async (scheduler, fails, batches) => {
        const tooEarly: string[] = [];
        const known = new Set<string>();
        const acknowledge: NonNullable<Changes['acknowledge']> = (_, { eventIds }) => {
          for (const id of eventIds) known.add(id);
          tooEarly.push(...eventIds.filter((id) => isCommitted.get(id) === undefined));
        };
        let call = 0;
        const fileEvents = async (events: readonly RuleEvent[]): Promise<void> => {
          call += 1;
          const fault = fails[call % fails.length] === true;
          await scheduler.schedule(Promise.resolve(), 'before the transaction');
          await store.fileEvents(events, () => refuseIf(fault), nowMs);
          await scheduler.schedule(Promise.resolve(), 'after the commit');
        };
        const both = [0, 1].map(() => intakeWith({ fileEvents, acknowledge }));
        runs += 1;
        const [edgeId, cameraId] = [`edge-${runs}`, `cam-${runs}`];
        let at = 0;
        for (const count of batches) {
          for (let more = 0; more < count; more += 1) {
            const event = eventOf({ edgeId, cameraId, run: runs, at, rule: at % ruleCount });
            at += 1;
            for (const intake of both)
              intake.take(topicsOf(edgeId).event(cameraId), Buffer.from(toCloudEvent(event)));
          }
          await turn();
        }
        await finish(scheduler, Promise.all(both.map((intake) => intake.stop())));
        expect(tooEarly).toEqual([]);
        const filed = (await store.events({ cameraId, limit: 1000 })).map(({ eventId }) => eventId);
        expect([...known].filter((id) => !filed.includes(id))).toEqual([]);
        if (!fails.includes(true)) expect(known.size).toBe(at);
      }),
      { numRuns: 60 },
    );
    reader.close();
  });
});

function refuseIf(fault: boolean): { kind: 'none' } {
  if (fault) throw new Error('rolled back');
  return { kind: 'none' };
}

/** Lets what waits go on, one at a time in the scheduler's order, until the work is done. */
async function finish(scheduler: fc.Scheduler, work: Promise<unknown>): Promise<void> {
  let isDone = false;
  const ended = work.finally(() => {
    isDone = true;
  });
  while (!isDone) {
    if (scheduler.count() > 0) await scheduler.waitNext(1);
    else await turn();
  }
  await ended;
}

describe('whatever is written to a topic', () => {
  const topics = topicsOf('edge-1');
  const places = [
    ...[topics.event('cam-1'), topics.snapshot(idOf(0, 1)), topics.clip(idOf(0, 1))],
    ...[topics.health, topics.status, topics.missing, topics.blind, topics.ack, topics.command],
    ...[topics.rules('cam-1'), 'haoguanjia/v1/#', '', '$SYS/x'],
  ];
  const payload = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.json().map((text) => Buffer.from(text)),
    fc.anything().map((value) => Buffer.from(String(JSON.stringify(value)))),
  );
  test('is taken, and what is no message is kept with its reason or let go', async () => {
    const refused: string[] = [];
    const intake = intakeWith({
      store: { ...store, quarantine: async ({ reason }) => void refused.push(reason) },
      acknowledge: (_, ack) => expect(ack.eventIds).toEqual([]),
    });
    const before = await store.events({ limit: 100_000 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), payload, async (topic, bytes) => {
        intake.take(topic, bytes);
        await turn();
      }),
      { numRuns: 1000 },
    );
    await intake.stop();
    expect(refused.length).toBeGreaterThan(500);
    expect(refused.filter((reason) => reason === '')).toEqual([]);
    expect(await store.events({ limit: 100_000 })).toHaveLength(before.length);
  });
});
