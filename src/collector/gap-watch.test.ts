/** The watch over an edge's numbers, with a real outbox on one side and the real store on the other. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AlarmView } from '../contract/console-api.ts';
import type { Command, MissingEvents } from '../contract/edge-report.ts';
import type { RuleEvent } from '../contract/rule-event.ts';
import { openOutbox } from '../edge/uplink/outbox.ts';
import { crossingDraft, crossingEvent } from '../testing/events.ts';
import { quietFlow } from '../testing/quiet-centre.ts';
import { createGapWatch, type GapWatch } from './gap-watch.ts';
import { createStore } from './store/create-store.ts';
import type { Store } from './store/store.ts';

const graceMs = 100;
let folder = '';
let store: Store;
let watch: GapWatch;
let file: (events: readonly RuleEvent[]) => Promise<void>;
let commands: Command[];
let nowMs: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gaps-'));
  const database = { kind: 'sqlite', file: join(folder, 'centre.sqlite') } as const;
  store = await createStore({ database, places: [] });
  commands = [];
  nowMs = 1_800_000_001_000;
  const flow = quietFlow(store, { speakerOf: () => 'speaker-1', now: () => nowMs });
  watch = createGapWatch({
    store,
    sendCommand: (_edgeId, command) => commands.push(command),
    fileEvents: flow.file,
    logger: pino({ level: 'silent' }),
    now: () => nowMs,
    settings: { graceMs, checkEveryMs: 20 },
  });
  file = async (events) => {
    await flow.file(events);
    await watch.filed(events);
  };
  await store.recordStatus({ edgeId: 'edge-1', bootId: 'boot', online: true, sinceMs: 1 });
  watch.start();
});
afterEach(async () => {
  await watch.stop();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const numbered = (...sequences: readonly number[]): readonly RuleEvent[] =>
  sequences.map((sequence) => crossingEvent(sequence));
const told = async (kind: string): Promise<readonly AlarmView[]> =>
  (await store.alarms({ limit: 100 })).filter(({ event }) => event.kind === kind);
const pass = async (): Promise<void> => {
  nowMs += graceMs + 1;
  await expect.poll(async () => (await store.sequenceHoles('edge-1')).length >= 0).toBe(true);
};
/** Lets time go by until the condition holds. */
const eventually = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  await expect
    .poll(
      async () => {
        await pass();
        return condition();
      },
      { timeout: 10_000, interval: 30 },
    )
    .toBe(true);
};

test('a hole that stays open is asked for, and is forgotten when what was missing comes', async () => {
  await file(numbered(1, 2, 5, 6, 9));
  await eventually(() => commands.length > 0);
  expect(commands[0]).toEqual({
    kind: 'resend-events',
    ranges: [
      { first: 3, last: 4 },
      { first: 7, last: 8 },
    ],
  });
  await file(numbered(3, 4, 7, 8));
  expect(await store.sequenceHoles('edge-1')).toEqual([]);
  expect(await told('events-lost')).toEqual([]);
});

test('a hole that is young is left alone', async () => {
  await store.fileEvents(numbered(1, 3), () => ({ kind: 'none' }), nowMs);
  await watch.filed(numbered(3));
  // Several checks, none of which sees time go by.
  for (let checks = 0; checks < 5; checks += 1) await new Promise((go) => setTimeout(go, 25));
  expect(commands).toEqual([]);
});

test('what the edge has not got any more is told as lost with its count, once; what it dropped was told already', async () => {
  await file(numbered(1, 10, 20));
  await eventually(() => commands.length > 0);
  const answer: MissingEvents = {
    edgeId: 'edge-1',
    missing: [
      { first: 2, last: 5, why: 'not-there' },
      { first: 6, last: 9, why: 'dropped' },
      { first: 12, last: 12, why: 'not-there' },
      // Nobody asked for these.
      { first: 30, last: 90, why: 'not-there' },
    ],
  };
  await watch.answered(answer);
  await watch.answered(answer);
  const [alarm, ...others] = await told('events-lost');
  expect(others).toEqual([]);
  expect(alarm).toMatchObject({
    cameraName: 'edge-1',
    late: false,
    event: { count: 5, firstSequence: 2, lastSequence: 12 },
  });
  expect(alarm).not.toHaveProperty('announcement');
  expect((await store.sequenceHoles('edge-1')).map(({ first, last }) => [first, last])).toEqual([
    [11, 11],
    [13, 19],
  ]);
});

test('an edge that is there and never answers has lost them; one that is away is waited for', async () => {
  await store.recordStatus({ edgeId: 'edge-1', bootId: 'boot', online: false, sinceMs: 2 });
  await file(numbered(1, 4));
  for (let times = 0; times < 10; times += 1) await pass();
  expect(commands).toEqual([]);
  await store.recordStatus({ edgeId: 'edge-1', bootId: 'boot', online: true, sinceMs: 3 });
  await eventually(async () => (await told('events-lost')).length > 0);
  expect(commands.length).toBe(3);
  expect(await told('events-lost')).toMatchObject([{ event: { count: 2, firstSequence: 2 } }]);
  expect(await store.sequenceHoles('edge-1')).toEqual([]);
});

test('an edge that this centre meets in the middle of its life has lost nothing', async () => {
  await file(numbered(500, 501));
  await eventually(async () => (await store.sequenceHoles('edge-1')).length === 0);
  expect(await told('events-lost')).toEqual([]);
});

test('a centre that was put back to an older copy gets from the edge what it has had before', async () => {
  const outbox = openOutbox(join(folder, 'outbox.sqlite'), 'edge-1');
  const events = Array.from({ length: 30 }, () => outbox.add(crossingDraft(), nowMs));
  outbox.acknowledge(
    events.map(({ eventId }) => eventId),
    [],
  );
  // The copy has the first ten; the edge goes on with the thirty-first.
  await file([...events.slice(0, 10), outbox.add(crossingDraft(), nowMs)]);
  await eventually(() => commands.length > 0);
  const [command] = commands;
  if (command?.kind !== 'resend-events') throw new Error('nothing was asked for');
  expect(outbox.resend(command.ranges)).toEqual([]);
  await file(outbox.live(0, 100, new Set()).map(({ event }) => event));
  outbox.close();
  expect(await store.sequenceHoles('edge-1')).toEqual([]);
  expect(await store.events({ limit: 100 })).toHaveLength(31);
});

test('numbers that were given twice are told, all events are kept, and the edge goes on above them', async () => {
  await file(numbered(1, 2, 3, 4));
  const again = [2, 3].map((sequence) => ({ ...crossingEvent(sequence + 100), sequence }));
  await file(again);
  await file(again);
  expect(await store.events({ limit: 100 })).toHaveLength(7);
  expect(await told('sequence-repeated')).toMatchObject([
    { event: { count: 2, firstSequence: 2, lastSequence: 3 } },
  ]);
  expect(commands.at(-1)).toEqual({ kind: 'number-above', sequence: 4 });
});
