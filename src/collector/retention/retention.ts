/**
 * Deletes what is past its time, once an hour, a little at a time so that nobody waits for it, and has a certificate of it
 * written into the register. While the clock cannot be believed nothing is deleted.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Store } from '../store/store.ts';
import { certificateOf } from './certificate.ts';
import {
  believeClock,
  type ClockMemory,
  type ClockVerdict,
  type Reading,
  readClock,
  startClock,
} from './clock-guard.ts';
import {
  type CameraGroup,
  type DataClass,
  dayMs,
  groupsOf,
  mayGo,
  type RetentionRules,
} from './retention-rules.ts';

export type Retention = Readonly<{
  start: () => Promise<void>;
  stop: () => Promise<void>;
  /** What somebody has to say about the clock before anything is deleted again. */
  clockJump: () => Readonly<{ fromMs: number; toMs: number }> | undefined;
  /** The clock is right as it stands; false when nobody had asked. */
  confirmClock: () => Promise<boolean>;
  /** Deletes now what may go, if the clock is believed; answers with how much that was. */
  run: () => Promise<number>;
}>;

type Parts = Readonly<{
  store: Pick<
    Store,
    | 'expiredItems'
    | 'removeItems'
    | 'certifyDeletions'
    | 'newestEventAtMs'
    | 'setting'
    | 'changeSetting'
    | 'pruneRegister'
    | 'forgetBlindTime'
    | 'giveUpDeliveries'
    | 'forgetGivenUp'
  >;
  rules: RetentionRules;
  /** Removes the files of clips whose rows are gone; answers with how many are left. */
  removeFiles: () => Promise<number>;
  logger: Logger;
  readClocks: () => Reading;
}>;

const runEveryMs = 3600_000;
const lookEveryMs = 60_000;
const believedSetting = 'retention-believed-at';
const inOneGo = 200;
/** Between two batches others have their turn. */
const pauseMs = 20;
/** Events last: they stay as long as a picture hangs on them. */
const order = ['snapshots', 'clips', 'events', 'quarantine', 'feed', 'sessions'] as const;

export function createRetention(parts: Parts): Retention {
  const { logger, readClocks } = parts;
  const clock = createClock(parts);
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<number> | undefined;
  let ranAtSteadyMs: number | undefined;
  let stopped = false;

  const run = (): Promise<number> => {
    running ??= deleteExpired({ ...parts, clock, isStopped: () => stopped }).finally(() => {
      running = undefined;
    });
    return running;
  };
  const look = async (): Promise<void> => {
    if ((await clock.verdict()).kind !== 'believed') return;
    const { steadyMs } = readClocks();
    if (ranAtSteadyMs !== undefined && steadyMs - ranAtSteadyMs < runEveryMs) return;
    ranAtSteadyMs = steadyMs;
    await run();
  };
  const lookSafely = (): Promise<void> =>
    look().catch((error: unknown) =>
      logger.error({ reason: String(error) }, 'what is past its time could not be deleted'),
    );

  return {
    start: async () => {
      await clock.verdict();
      timer = setInterval(() => void lookSafely(), lookEveryMs);
    },
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await running?.catch(() => undefined);
    },
    clockJump: () => clock.question(),
    confirmClock: () => clock.confirm(),
    run,
  };
}

type Clock = Readonly<{
  verdict: () => Promise<ClockVerdict>;
  question: () => Readonly<{ fromMs: number; toMs: number }> | undefined;
  confirm: () => Promise<boolean>;
}>;

/** The guard with its memory, which outlives the process: a restart does not make a wrong clock right. */
function createClock({ store, readClocks, logger }: Parts): Clock {
  let memory: ClockMemory | undefined;
  let last: ClockVerdict['kind'] = 'believed';
  let notedMs = 0;
  const judge = async (): Promise<ClockVerdict> => {
    memory ??= startClock(readClocks(), await lastBelieved(store));
    const read = readClock(memory, readClocks());
    memory = read.memory;
    const { verdict } = read;
    if (verdict.kind === 'believed' && Math.abs(verdict.nowMs - notedMs) >= lookEveryMs) {
      notedMs = verdict.nowMs;
      await store.changeSetting(believedSetting, String(notedMs));
    }
    if (verdict.kind !== last && verdict.kind !== 'believed')
      logger.error(verdict, 'the clock has jumped forward; nothing is deleted');
    last = verdict.kind;
    return verdict;
  };
  const question: Clock['question'] = () => {
    if (memory === undefined) return undefined;
    const { verdict } = readClock(memory, readClocks());
    return verdict.kind === 'asking' ? { fromMs: verdict.fromMs, toMs: verdict.toMs } : undefined;
  };
  return {
    verdict: judge,
    question,
    confirm: async () => {
      if (question() === undefined) return false;
      memory = believeClock(readClocks());
      await judge();
      return true;
    },
  };
}

async function lastBelieved(store: Parts['store']): Promise<number | undefined> {
  const noted = await store.setting(believedSetting);
  return noted === undefined ? store.newestEventAtMs() : Number(noted);
}

type Run = Parts & Readonly<{ clock: Clock; isStopped: () => boolean }>;

async function deleteExpired(run: Run): Promise<number> {
  const { rules, removeFiles, logger } = run;
  let deleted = 0;
  try {
    for (const dataClass of order) {
      for (const group of groupsOf(rules, dataClass))
        deleted += await deleteGroup(run, dataClass, group);
    }
    await deleteOthers(run);
  } finally {
    // Also of what a run that was broken off, or the bound of the clips, has removed.
    const left = await removeFiles();
    if (left > 0) logger.error({ left }, 'files of clips are left; they do not count as deleted');
    await certify(run);
  }
  return deleted;
}

async function deleteGroup(
  { store, rules, clock, isStopped }: Run,
  dataClass: DataClass,
  group: CameraGroup,
): Promise<number> {
  let deleted = 0;
  for (;;) {
    // Looked at before every batch: the clock may jump in between.
    const verdict = await clock.verdict();
    if (verdict.kind !== 'believed' || isStopped()) return deleted;
    const { nowMs } = verdict;
    const found = await store.expiredItems(dataClass, group, nowMs - group.days * dayMs, inOneGo);
    const due = found.filter((item) => mayGo(rules, item, nowMs));
    const removed = await store.removeItems(
      dataClass,
      due.map(({ id }) => id),
      'age',
    );
    deleted += removed;
    if (removed === 0 || found.length < inOneGo) return deleted;
    await pause(pauseMs);
  }
}

/** A delivery that nobody sends any more waits for ever: its webhook has left the configuration. */
const deliveriesKeptMs = 3 * dayMs;
/** What nobody took tells of events, and is kept no longer than they are. */
const givenUpDays = 7;

/** What shows nobody, and is not certified item by item; the register tells of its own rows. */
async function deleteOthers({ store, rules, clock, isStopped, logger }: Run): Promise<void> {
  const verdict = await clock.verdict();
  if (verdict.kind !== 'believed' || isStopped()) return;
  const { nowMs } = verdict;
  const { register, blindTime } = rules.others;
  const rows = await store.pruneRegister({ beforeMs: nowMs - register * dayMs, nowMs });
  const blind = await store.forgetBlindTime(nowMs - blindTime * dayMs);
  const orphans = await store.giveUpDeliveries(nowMs - deliveriesKeptMs, nowMs);
  const untoldDays = Math.min(givenUpDays, rules.days.events);
  const untold = await store.forgetGivenUp(nowMs - untoldDays * dayMs);
  if (rows > 0 || blind > 0 || untold > 0 || orphans.length > 0)
    logger.info({ registerRows: rows, blindRows: blind, untold, orphans }, 'old records deleted');
}

async function certify({ store, rules, logger, readClocks }: Run): Promise<void> {
  const written = await store.certifyDeletions((items) => {
    const certificate = certificateOf(items, rules);
    logger.info({ items: certificate.items, counts: certificate.counts }, 'deleted past its time');
    return {
      atMs: readClocks().wallMs,
      ...{ actor: '', address: '', action: 'recordings-deleted', outcome: 'done' },
      detail: JSON.stringify(certificate),
    };
  });
  if (!written) logger.debug('nothing was past its time');
}
