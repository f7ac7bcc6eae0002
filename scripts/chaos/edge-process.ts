/**
 * An edge box without cameras: the real outbox and uplink, and events at a steady rate. Says `try N` before an event is
 * given to the outbox, `kept N` when it is safe, `clip ID` when a clip is; `connected 0` and `connected 1`; and four times
 * a second `backlog N` and `clips-due N`. The line `stop` ends the events.
 */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import type { EventDraft, RuleEvent } from '../../src/contract/rule-event.ts';
import { createUplink, type Uplink } from '../../src/edge/uplink/uplink.ts';
import { crossingDraft } from '../../src/testing/events.ts';
import { edgePassword } from '../harness/edge-account.ts';
import { createClipMaker } from './clip-maker.ts';
import { createTrustingUplink } from './trusting-uplink.ts';

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: '.' },
    broker: { type: 'string', default: '' },
    'per-second': { type: 'string', default: '100' },
    first: { type: 'string', default: '1' },
    /** When the run began, in milliseconds of the machine's steady clock; this process begins it when nothing is said. */
    since: { type: 'string' },
    /** Between two packets to the broker when nothing else is said to it. */
    keepalive: { type: 'string' },
    /** Keeps a clip of an event now and then. */
    clips: { type: 'boolean', default: false },
    /** What the outbox does not take is let go, as a box does. */
    spare: { type: 'boolean', default: false },
    /** Its events have fields that nobody knows yet. */
    'next-version': { type: 'boolean', default: false },
    /** Believes the broker: the negative control. */
    control: { type: 'boolean', default: false },
  },
});

const cameras = 10;
/** Between two turns the uplink has its own. */
const mostMsAtATime = 8;

const sleeper = new Int32Array(new SharedArrayBuffer(4));
/** Written when the call returns, and not when Node finds the time: what was said is said, even if it is killed next. */
const say = (line: string): void => {
  for (let bytes = Buffer.from(`${line}\n`); bytes.length > 0; ) {
    try {
      bytes = bytes.subarray(writeSync(1, bytes));
    } catch (error) {
      // The reader is behind.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(sleeper, 0, 0, 1);
    }
  }
};
const dataFolder = join(values.folder, 'edge');
const clips = values.clips
  ? createClipMaker(join(dataFolder, 'clips'), (clipId) => say(`clip ${clipId}`))
  : undefined;
const { keepalive } = values;
const settings = {
  ...{ edgeId: 'edge-1', bootId: uuidv7(), dataFolder },
  broker: {
    ...{ url: values.broker, username: 'edge-1', password: edgePassword },
    ...(keepalive === undefined ? {} : { keepaliveSeconds: Number(keepalive) }),
  },
  ...(clips === undefined ? {} : { clips: clips.source }),
};
const nobody = {
  onRules: () => undefined,
  onUnreadableRules: () => undefined,
  onCommand: () => undefined,
};
const uplink: Pick<Uplink, 'start' | 'outboxRows' | 'stop'> &
  Readonly<{
    report: (draft: EventDraft) => RuleEvent | undefined;
    connected?: Uplink['connected'];
    storageFault?: Uplink['storageFault'];
    publishHealth?: Uplink['publishHealth'];
  }> = values.control
  ? createTrustingUplink(settings)
  : createUplink(settings, nobody, pino({ level: 'silent' }));

const cameraId = (number: number): string => `cam-${(number % cameras) + 1}`;
const draft = (attempt: number): EventDraft => {
  const now = { trackId: attempt, cameraId: cameraId(attempt), capturedAtMs: Date.now() };
  return values['next-version'] ? nextDraft(now) : crossingDraft(now);
};
function nextDraft(changes: Parameters<typeof crossingDraft>[0]): EventDraft {
  const known = crossingDraft({ ...changes, modelVersion: 'next' });
  const box = { ...known.box, ofTheNextVersion: 1 };
  return Object.assign({ ...known, box }, { ofTheNextVersion: { deep: 1 } });
}

const steadyMs = (): number => Number(process.hrtime.bigint() / 1_000_000n);
const beganMs = Number(values.since ?? steadyMs());
let attempt = Number(values.first);
let isProducing = true;

function report(event: EventDraft): RuleEvent | undefined | 'refused' {
  try {
    return uplink.report(event);
  } catch (error) {
    if (!(values.spare && error instanceof Error && error.name === 'OutboxError')) throw error;
    return 'refused';
  }
}

function keepClip(event: RuleEvent): void {
  try {
    clips?.take(event);
  } catch (error) {
    if (!(values.spare && (error as NodeJS.ErrnoException).code === 'ENOSPC')) throw error;
  }
}

/** What was missed while the process was dead or halted is made up for, as fast as the outbox takes it. */
function produce(): void {
  const due = ((steadyMs() - beganMs) / 1000) * Number(values['per-second']);
  const until = performance.now() + mostMsAtATime;
  while (isProducing && attempt <= due && performance.now() < until) {
    say(`try ${attempt}`);
    const event = report(draft(attempt));
    if (event !== 'refused') say(`kept ${attempt}`);
    if (typeof event === 'object') keepClip(event);
    attempt += 1;
  }
}

function tellHealth(): void {
  const atMs = Date.now();
  const one = {
    ...{ state: 'live' as const, stateSinceMs: startedAtMs, analysedPerSecond: 5, frameAgeMs: 80 },
    rules: { appliedVersion: 0 },
  };
  const storageFault = uplink.storageFault?.();
  uplink.publishHealth?.({
    ...(storageFault === undefined ? {} : { storageFault }),
    ...{ edgeId: settings.edgeId, bootId: settings.bootId, atMs, outboxRows: uplink.outboxRows() },
    cameras: Array.from({ length: cameras }, (_, at) => ({
      ...{ cameraId: cameraId(at), name: cameraId(at) },
      ...one,
    })),
  });
}

const startedAtMs = Date.now();
let wasConnected: boolean | undefined;
uplink.start();
setInterval(() => {
  produce();
  const isConnected = uplink.connected?.() ?? true;
  if (isConnected !== wasConnected) say(`connected ${Number(isConnected)}`);
  wasConnected = isConnected;
}, 10);
setInterval(() => {
  say(`backlog ${uplink.outboxRows()}`);
  if (clips !== undefined) say(`clips-due ${clips.due()}`);
}, 250);
setInterval(tellHealth, 1000);
createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'stop') isProducing = false;
});
process.once('SIGTERM', () => {
  void uplink.stop().then(() => process.exit(0));
});
