/**
 * Adds up for how long each camera and rule could not have fired, by local day and reason. What happened between two
 * looks at the clock is put down to what was found at the second. Pure: time is passed in, in epoch milliseconds.
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
  advance: (nowMs: number, sights: readonly Sight[]) => void;
  /** Sums that have changed since they were last asked for. */
  changed: () => readonly BlindSum[];
  sums: () => readonly BlindSum[];
  /** The local day of a moment. */
  dayOf: (atMs: number) => string;
  /** The oldest day that is kept. */
  oldestDay: (nowMs: number) => string;
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

export function createBlindLedger(settings: Settings): BlindLedger {
  const { keptDays, kept = [] } = settings;
  const clock = createLocalClock(settings.timeZone);
  const sums = new Map(kept.map((sum) => [keyOf(sum), sum]));
  let changed = new Set<string>();
  let lastMs = settings.aliveAtMs;

  const oldestDay = (nowMs: number): string => clock.dayOf(nowMs - (keptDays - 1) * dayMs);
  const add = (sight: Sight, day: string, milliseconds: number, reason: BlindReason): void => {
    const { cameraId, ruleId } = sight;
    const key = keyOf({ cameraId, ruleId, day, reason });
    const before = sums.get(key)?.milliseconds ?? 0;
    sums.set(key, { cameraId, ruleId, day, reason, milliseconds: before + milliseconds });
    changed.add(key);
  };
  const prune = (oldest: string): void => {
    for (const [key, { day }] of sums) if (day < oldest) sums.delete(key);
  };

  return {
    advance: (nowMs, sights) => {
      const sinceMs = Math.max(lastMs ?? nowMs, nowMs - keptDays * dayMs);
      const wasAsleep = nowMs - sinceMs > asleepAfterMs;
      lastMs = nowMs;
      const oldest = oldestDay(nowMs);
      const blind = sights.flatMap((sight) => {
        const reason = wasAsleep ? 'stopped' : sight.reason;
        return reason === undefined ? [] : [{ sight, reason }];
      });
      for (const { day, milliseconds } of clock.daysBetween(sinceMs, nowMs))
        for (const { sight, reason } of blind) add(sight, day, milliseconds, reason);
      prune(oldest);
    },
    changed: () => {
      const keys = changed;
      changed = new Set();
      return [...keys].flatMap((key) => sums.get(key) ?? []);
    },
    sums: () => [...sums.values()],
    dayOf: clock.dayOf,
    oldestDay,
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
