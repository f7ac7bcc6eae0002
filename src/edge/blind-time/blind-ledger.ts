/**
 * Adds up for how long each camera and rule could not have fired, by local day and reason. What happened between two
 * looks at the clock is put down to what was found at the second. How much time passed is said by a clock that nobody sets,
 * what day it was by the wall clock: a box without a battery wakes up in 1970 and is set right some minutes later. Pure: times
 * are passed in, in milliseconds.
 */
import type { BlindReason } from '../../contract/blind-time.ts';

/** What is watched: a camera as a whole, or one of its rules; blind for a reason, or seeing. */
export type Sight = Readonly<{
  cameraId: string;
  ruleId?: string | undefined;
  reason?: BlindReason | undefined;
}>;

export type BlindSum = Readonly<{
  cameraId: string;
  ruleId?: string | undefined;
  day: string;
  reason: BlindReason;
  milliseconds: number;
}>;

export type BlindLedger = Readonly<{
  /** `steadyMs`: of a clock that is never set; without it the wall clock is taken for one. */
  advance: (nowMs: number, sights: readonly Sight[], steadyMs?: number) => void;
  /** Sums that have changed since they were last asked for. */
  changed: () => readonly BlindSum[];
  sums: () => readonly BlindSum[];
  /** The local day of a moment. */
  dayOf: (atMs: number) => string;
  /** The oldest day that is kept; a clock that was just set forgets nothing. */
  oldestDay: () => string;
  /** When the box was last known to live, for its next life. */
  aliveAtMs: () => number | undefined;
}>;

type Settings = Readonly<{
  timeZone: string;
  keptDays: number;
  /** What an earlier life of the box had counted, and when it was last alive. */
  kept?: readonly BlindSum[];
  aliveAtMs?: number | undefined;
}>;

const dayMs = 86_400_000;
/** Looks at the clock come each second: after so long without one nothing ran. */
const asleepAfterMs = 60_000;
/** A clock that moved by so much more or less than time passed was set; for so long after that nothing is forgotten. */
const setByMs = 3_600_000;
const distrustMs = 5 * 60_000;
/** An earlier life that lies still ahead after so long ended under a clock that was wrong. */
const puzzledMs = 3_600_000;

export function createBlindLedger(settings: Settings): BlindLedger {
  const { keptDays, kept = [] } = settings;
  const clock = createLocalClock(settings.timeZone);
  const account = createAccount(kept);
  /** The end of the box's earlier life, until the time between is counted. */
  let endedAtMs = settings.aliveAtMs;
  let last: Readonly<{ nowMs: number; steadyMs: number }> | undefined;
  let bornSteadyMs = 0;
  let trustedSteadyMs = 0;
  let oldest = '';

  const count = (
    fromMs: number,
    toMs: number,
    sights: readonly Sight[],
    notBefore: string,
  ): void => {
    const wasAsleep = toMs - fromMs > asleepAfterMs;
    const blind = sights.flatMap((sight) => {
      const reason = wasAsleep ? 'stopped' : sight.reason;
      return reason === undefined ? [] : [{ sight, reason }];
    });
    for (const { day, milliseconds } of clock.daysBetween(fromMs, toMs))
      if (day >= notBefore)
        for (const { sight, reason } of blind) account.add(sight, day, milliseconds, reason);
  };

  return {
    advance: (nowMs, sights, steadyMs = nowMs) => {
      if (last === undefined) bornSteadyMs = steadyMs;
      const passedMs = last === undefined ? 0 : Math.max(0, steadyMs - last.steadyMs);
      const wasSet = last === undefined || Math.abs(nowMs - last.nowMs - passedMs) > setByMs;
      if (wasSet) trustedSteadyMs = steadyMs + distrustMs;
      last = { nowMs, steadyMs };
      const oldestNow = clock.dayOf(nowMs - (keptDays - 1) * dayMs);
      if (endedAtMs !== undefined && nowMs >= endedAtMs) {
        const bornMs = nowMs - (steadyMs - bornSteadyMs);
        count(Math.max(endedAtMs, nowMs - keptDays * dayMs), bornMs, sights, oldestNow);
        endedAtMs = undefined;
      }
      if (steadyMs - bornSteadyMs > puzzledMs) endedAtMs = undefined;
      count(nowMs - passedMs, nowMs, sights, oldestNow);
      if (steadyMs < trustedSteadyMs) return;
      oldest = oldestNow;
      account.forgetBefore(oldest);
    },
    changed: account.changed,
    sums: account.sums,
    dayOf: clock.dayOf,
    oldestDay: () => oldest,
    aliveAtMs: () => endedAtMs ?? last?.nowMs,
  };
}

function createAccount(kept: readonly BlindSum[]) {
  const sums = new Map(kept.map((sum) => [keyOf(sum), sum]));
  let changed = new Set<string>();
  return {
    add: ({ cameraId, ruleId }: Sight, day: string, milliseconds: number, reason: BlindReason) => {
      const key = keyOf({ cameraId, ruleId, day, reason });
      const before = sums.get(key)?.milliseconds ?? 0;
      sums.set(key, { cameraId, ruleId, day, reason, milliseconds: before + milliseconds });
      changed.add(key);
    },
    changed: (): readonly BlindSum[] => {
      const keys = changed;
      changed = new Set();
      return [...keys].flatMap((key) => sums.get(key) ?? []);
    },
    sums: (): readonly BlindSum[] => [...sums.values()],
    forgetBefore: (oldest: string): void => {
      for (const [key, { day }] of sums) if (day < oldest) sums.delete(key);
    },
  };
}

function keyOf({ cameraId, ruleId = '', day, reason }: Omit<BlindSum, 'milliseconds'>): string {
  return `${day} ${cameraId} ${ruleId} ${reason}`;
}

function createLocalClock(timeZone: string) {
  const format = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  const read = (atMs: number) => {
    const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
    const figure = (type: 'hour' | 'minute' | 'second'): number => Number(parts.get(type));
    const day = `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
    const sinceMidnight = (figure('hour') * 60 + figure('minute')) * 60 + figure('second');
    return { day, sinceMidnightMs: sinceMidnight * 1000 + (atMs % 1000) };
  };
  return {
    dayOf: (atMs: number): string => read(atMs).day,
    /** A span cut at each midnight. */
    daysBetween: (fromMs: number, toMs: number) => {
      const days: { day: string; milliseconds: number }[] = [];
      for (let atMs = fromMs; atMs < toMs; ) {
        const { day, sinceMidnightMs } = read(atMs);
        const untilMs = Math.min(toMs, atMs + dayMs - sinceMidnightMs);
        days.push({ day, milliseconds: untilMs - atMs });
        atMs = untilMs;
      }
      return days;
    },
  };
}
