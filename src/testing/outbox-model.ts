/**
 * A life of an outbox as a list of steps, and what has to be true at its end: everything that was given to it waits, was
 * acknowledged, or is counted as dropped in its class, also over crashes and when its accounts themselves have to give way.
 */
import { copyFileSync, existsSync } from 'node:fs';
import fc from 'fast-check';
import type { SequenceRange } from '../contract/edge-report.ts';
import type { EventDraft, RuleEvent } from '../contract/rule-event.ts';
import { type Outbox, openOutbox } from '../edge/uplink/outbox.ts';
import { crossingDraft } from './events.ts';

type Step =
  | Readonly<{ kind: 'alarms' | 'notices'; times: number }>
  | Readonly<{ kind: 'snapshot'; pick: number; bytes: number }>
  | Readonly<{ kind: 'send'; most: number }>
  | Readonly<{ kind: 'acknowledge'; picks: readonly number[] }>
  | Readonly<{ kind: 'ask-again'; first: number; length: number }>
  | Readonly<{ kind: 'tell' | 'close' | 'crash' }>;

const plain = (kind: 'tell' | 'close' | 'crash') => fc.constant<Step>({ kind });
const oneStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('alarms' as const, 'notices' as const),
      times: fc.constantFrom(1, 5, 24),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('snapshot' as const),
      pick: fc.nat(),
      bytes: fc.integer({ min: 1, max: 16_000 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('send' as const), most: fc.nat(80) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('acknowledge' as const),
      picks: fc.array(fc.nat(), { maxLength: 40 }),
    }),
  },
  fc.record({
    kind: fc.constant('ask-again' as const),
    first: fc.integer({ min: 1, max: 400 }),
    length: fc.nat(60),
  }),
  ...(['tell', 'tell', 'close', 'crash'] as const).map(plain),
);
export const outboxLife = (length: number): fc.Arbitrary<readonly Step[]> =>
  fc.array(oneStep, { minLength: length, maxLength: length });

type DropClass = 'alarm' | 'notice' | 'snapshot';
type Account = Record<DropClass, number>;
const settings = { maxBytes: 144 * 1024, ballastBytes: 0 };
const nobody: ReadonlySet<string> = new Set();

/** `file` has to be in a folder of its own. Answers, in sentences, what was not as it has to be. */
export function liveThrough(file: string, steps: readonly Step[]): readonly string[] {
  const life = beginLife(file);
  for (const step of steps) take(life, step);
  return endLife(life);
}

type Told = Extract<RuleEvent, { kind: 'events-dropped' }>;
type Life = {
  file: string;
  outbox: Outbox;
  now: number;
  newest: number;
  readonly faults: string[];
  /** What was given to the outbox: events by their ids, pictures by those of their events with a mark before. */
  readonly state: Map<string, 'waiting' | 'acknowledged'>;
  readonly classes: Map<string, DropClass>;
  readonly idOf: Map<number, string>;
  readonly told: Map<string, Told>;
  /** Read and not acknowledged. */
  readonly sent: Set<string>;
  /** The outbox threw. */
  readonly refused: Account;
};

function beginLife(file: string): Life {
  return {
    ...{ file, outbox: openOutbox(file, 'edge-1', settings), now: 1, newest: 0 },
    ...{ faults: [], state: new Map(), classes: new Map(), idOf: new Map(), told: new Map() },
    ...{ sent: new Set(), refused: { alarm: 0, notice: 0, snapshot: 0 } },
  };
}

function take(life: Life, step: Step): void {
  switch (step.kind) {
    case 'alarms':
      for (let at = 0; at < step.times; at += 1) add(life, crossingDraft(), 'alarm');
      break;
    case 'notices':
      for (let at = 0; at < step.times; at += 1) add(life, noticeDraft(), 'notice');
      break;
    case 'snapshot':
      addSnapshot(life, step.pick, step.bytes);
      break;
    case 'send':
      send(life, step.most);
      break;
    case 'acknowledge':
      acknowledge(life, step.picks);
      break;
    case 'ask-again':
      askAgain(life, { first: step.first, last: step.first + step.length });
      break;
    case 'tell':
      life.outbox.tellDrops(life.now);
      break;
    case 'close':
      life.outbox.close();
      openAgain(life);
      break;
    case 'crash':
      crash(life);
      break;
    default:
      step satisfies never;
  }
}

function add(life: Life, draft: EventDraft, dropClass: 'alarm' | 'notice'): void {
  life.now += 1;
  try {
    const { eventId, sequence } = life.outbox.add(draft, life.now);
    if (sequence <= life.newest)
      life.faults.push(`number ${sequence} was given after ${life.newest}`);
    life.newest = sequence;
    life.state.set(eventId, 'waiting');
    life.classes.set(eventId, dropClass);
    life.idOf.set(sequence, eventId);
  } catch {
    life.refused[dropClass] += 1;
  }
}

function addSnapshot({ outbox, now, state, classes, refused }: Life, pick: number, bytes: number) {
  const ids = [...classes].flatMap(([id, its]) => (its === 'snapshot' ? [] : [id]));
  const id = ids[pick % ids.length];
  if (id === undefined || classes.has(pictureOf(id))) return;
  try {
    outbox.addSnapshot(id, new Uint8Array(bytes), now);
    state.set(pictureOf(id), 'waiting');
    classes.set(pictureOf(id), 'snapshot');
  } catch {
    refused.snapshot += 1;
  }
}

function send({ outbox, state, idOf, told, sent, faults }: Life, most: number): void {
  for (const { event } of outbox.live(0, most, sent)) {
    if (event.kind === 'events-dropped' && !told.has(event.eventId)) {
      told.set(event.eventId, event);
      state.set(event.eventId, 'waiting');
      idOf.set(event.sequence, event.eventId);
    }
    if (state.get(event.eventId) !== 'waiting') faults.push(`${event.eventId} was sent again`);
    sent.add(event.eventId);
  }
  for (const { eventId } of outbox.snapshots(most, sent)) sent.add(pictureOf(eventId));
}

/** Any of what was sent, in any order, some twice, and one that nobody ever sent. */
function acknowledge({ outbox, state, sent }: Life, picks: readonly number[]): void {
  const all = [...sent];
  const chosen = picks.flatMap((pick) => all[pick % all.length] ?? []);
  const events = chosen.filter((id) => !isPicture(id));
  const pictures = chosen.filter(isPicture).map((id) => id.slice(1));
  const more = ['01890000-0000-7000-8000-00000000dead', ...events.slice(0, 2)];
  // What was let go while it was on its way is counted, though it arrived after all.
  const there = waitingIn(outbox);
  outbox.acknowledge([...events, ...more], [...pictures, ...pictures.slice(0, 1)]);
  for (const id of chosen) {
    if (there.has(id)) state.set(id, 'acknowledged');
    sent.delete(id);
  }
}

/** What the centre lost and the outbox still has waits once more. */
function askAgain({ outbox, state, idOf, sent }: Life, range: SequenceRange): void {
  const missing = outbox.resend([range]);
  for (let at = range.first; at <= range.last; at += 1) {
    const id = idOf.get(at);
    if (id === undefined || missing.some(({ first, last }) => first <= at && at <= last)) continue;
    state.set(id, 'waiting');
    sent.delete(id);
  }
}

function openAgain(life: Life): void {
  life.sent.clear();
  life.outbox = openOutbox(life.file, 'edge-1', settings);
}

/** As after SIGKILL: what had been written is there, and nothing more is. */
function crash(life: Life): void {
  const copy = `${life.file}-`;
  for (const end of ['', '-wal', '.mark'])
    if (existsSync(life.file + end)) copyFileSync(life.file + end, copy + end);
  life.outbox.close();
  life.file = copy;
  openAgain(life);
}

function endLife(life: Life): readonly string[] {
  const { outbox, state, classes, told, refused, faults } = life;
  life.sent.clear();
  outbox.tellDrops(life.now);
  send(life, 100_000);
  const waiting = waitingIn(outbox);
  outbox.close();
  const gone = { ...refused };
  for (const [id, its] of state) {
    const dropClass = classes.get(id);
    if (dropClass !== undefined && its === 'waiting' && !waiting.has(id)) gone[dropClass] += 1;
  }
  const counted: Account = { alarm: 0, notice: 0, snapshot: 0 };
  for (const [id, { dropClass, count }] of told) {
    const arrives = state.get(id) === 'acknowledged' || waiting.has(id);
    if (arrives && dropClass !== 'clip') counted[dropClass] += count;
  }
  return [...faults, ...unlike(gone, counted)];
}

const pictureOf = (eventId: string): string => `#${eventId}`;
const isPicture = (id: string): boolean => id.startsWith('#');
const noticeDraft = (): EventDraft => ({ ...crossingDraft(), kind: 'zone-left', staySeconds: 3 });

function waitingIn(outbox: Outbox): ReadonlySet<string> {
  const events = outbox.live(0, 100_000, nobody).map(({ event }) => event.eventId);
  const pictures = outbox.snapshots(100_000, nobody).map(({ eventId }) => pictureOf(eventId));
  return new Set([...events, ...pictures]);
}

function unlike(gone: Readonly<Account>, counted: Readonly<Account>): readonly string[] {
  return (['alarm', 'notice', 'snapshot'] as const)
    .filter((one) => gone[one] !== counted[one])
    .map((one) => `${gone[one]} of class ${one} are gone, ${counted[one]} are counted`);
}
