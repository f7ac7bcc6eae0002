/**
 * An outbox as a killed box leaves it, damaged in one way after another, and what must hold when it is opened again:
 * nothing is passed over in silence, nothing comes that was not written, numbers never go back, the damaged file is kept.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RuleEvent } from '../contract/rule-event.ts';
import { type Outbox, openOutbox } from '../edge/uplink/outbox.ts';
import { crossingDraft } from './events.ts';
import { type Below, type DamageManner, damageFile } from './file-damage.ts';

export type DamagedOutbox = Readonly<{
  attempt: (manner: DamageManner, below: Below) => Attempt;
}>;

type Attempt = Readonly<{
  /** In one sentence each what did not hold. */
  faults: readonly string[];
  /** What was said to be damaged, if anything was. */
  reason: string | undefined;
  /** Of the events that waited, how many could not be read any more. */
  missing: number;
  openedMs: number;
}>;

/** So that about half of the events are in the log alone. */
const settings = { maxBytes: 16 * 1024 ** 2, ballastBytes: 2 * 1024 ** 2 };
const suffixes = ['', '-wal', '-shm', '.mark'];
const none: ReadonlySet<string> = new Set();
const jpeg = Uint8Array.from([
  0xff,
  0xd8,
  ...Array.from({ length: 900 }, (_, at) => at),
  0xff,
  0xd9,
]);

export function createDamagedOutbox(folder: string, events: number): DamagedOutbox {
  const sound = join(folder, 'sound');
  const foreign = join(folder, 'foreign');
  const written = leaveAsKilled(sound, 'edge-1', events);
  leaveAsKilled(foreign, 'edge-2', events / 2);
  let attempts = 0;
  return {
    attempt: (manner, below) => {
      attempts += 1;
      const file = join(folder, `attempt-${attempts}`, 'outbox.sqlite');
      copyAll(join(sound, 'killed.sqlite'), file);
      damageFile(file, manner, below, join(foreign, 'killed.sqlite-wal'));
      const damaged = ['', '-wal'].map((suffix) => readIf(file + suffix));
      const from = performance.now();
      const outbox = openOutbox(file, 'edge-1', settings);
      const openedMs = performance.now() - from;
      const found = judge(outbox, written, damaged);
      outbox.close();
      rmSync(join(folder, `attempt-${attempts}`), { recursive: true });
      return { ...found, openedMs };
    },
  };
}

type Written = Readonly<{ all: readonly RuleEvent[]; waiting: readonly RuleEvent[] }>;

/** A part of it is only in the log. */
function leaveAsKilled(folder: string, edgeId: string, events: number): Written {
  const file = join(folder, 'outbox.sqlite');
  const outbox = openOutbox(file, edgeId, settings);
  const all = Array.from({ length: events }, (_, at) => {
    const event = outbox.add(crossingDraft({ trackId: at }), at);
    if (at % 10 === 0) outbox.addSnapshot(event.eventId, jpeg, at);
    return event;
  });
  const acknowledged = all.slice(0, events / 4).map(({ eventId }) => eventId);
  outbox.acknowledge(acknowledged, acknowledged);
  copyAll(file, join(folder, 'killed.sqlite'));
  outbox.close();
  return { all, waiting: all.slice(events / 4) };
}

function copyAll(from: string, to: string): void {
  mkdirSync(join(to, '..'), { recursive: true });
  for (const suffix of suffixes) copyFileSync(from + suffix, to + suffix);
}

function judge(
  outbox: Outbox,
  { all, waiting }: Written,
  damaged: readonly (Buffer | undefined)[],
): Omit<Attempt, 'openedMs'> {
  const faults: string[] = [];
  const expect = (holds: boolean, sentence: string): void => {
    if (!holds) faults.push(sentence);
  };
  const read = (): readonly RuleEvent[] => outbox.live(0, 100_000, none).map(({ event }) => event);
  const crossings = read().filter(({ kind }) => kind === 'tripwire-crossed');
  const last = all.at(-1)?.sequence ?? 0;
  outbox.tellDrops(1);
  const told = read();
  const counted = told.reduce(
    (sum, event) => sum + (event.kind === 'events-dropped' ? event.count : 0),
    0,
  );
  const there = new Set(crossings.map(({ eventId }) => eventId));
  const missing = waiting.filter(({ eventId }) => !there.has(eventId));
  const texts = new Map(all.map((event) => [event.eventId, JSON.stringify(event)]));
  const garbled = crossings.filter((event) => texts.get(event.eventId) !== JSON.stringify(event));
  const { damage } = outbox;
  expect(garbled.length === 0, `${garbled.length} events are not as they were written`);
  expect(
    missing.length <= counted || damage !== undefined,
    `${missing.length} events are missing and ${counted} were told`,
  );
  const tells = told.filter(({ kind }) => kind === 'outbox-damaged').length;
  expect(tells === (damage === undefined ? 0 : 1), `the damage was told ${tells} times`);
  const next = outbox.add(crossingDraft(), 1).sequence;
  expect(next > last && told.every(({ sequence }) => sequence < next), `${next} was given twice`);
  const unanswered = missing.filter(
    ({ sequence: first }) => outbox.resend([{ first, last: first }]).length === 0,
  );
  expect(unanswered.length === 0, `${unanswered.length} missing events are not said to be missing`);
  if (damage !== undefined) {
    const kept = ['', '-wal'].map((suffix) => readIf(`${damage.setAside ?? ''}${suffix}`));
    const isKept = damaged.every((bytes, at) => bytes === undefined || kept[at]?.equals(bytes));
    expect(isKept, 'the damaged file was not kept as it was');
  }
  return { faults, reason: damage?.reason, missing: missing.length };
}

function readIf(file: string): Buffer | undefined {
  return existsSync(file) ? readFileSync(file) : undefined;
}
