/** The box's account of the time in which its rules could not have fired: counted each second, on disk every ten. */
import type { Logger } from 'pino';
import type { BlindEntry } from '../../contract/blind-time.ts';
import { defaultTimeZone } from '../../contract/schedule.ts';
import { type BlindSum, createBlindLedger, type Sight } from './blind-ledger.ts';
import { type BlindStore, openBlindStore } from './blind-store.ts';

export type BlindTime = Readonly<{
  /** To be called each second with everything that is watched; `steadyMs` of a clock that is never set. */
  tick: (nowMs: number, sights: readonly Sight[], steadyMs?: number) => void;
  today: (nowMs: number) => readonly BlindEntry[];
  /** What the centre has not been told yet; all of today and yesterday now and then, since messages get lost. */
  news: (nowMs: number) => readonly BlindEntry[];
  close: (nowMs: number) => void;
}>;

const keptDays = 30;
const saveEveryMs = 10_000;
const tellAllEveryMs = 15 * 60_000;

export function createBlindTime(file: string, logger: Logger): BlindTime {
  const store = openOrForget(file, logger);
  const ledger = createBlindLedger({
    ...{ timeZone: defaultTimeZone, keptDays },
    kept: store.kept(),
    aliveAtMs: store.aliveAtMs(),
  });
  const untold = new Map<string, BlindSum>();
  const unsaved = new Map<string, BlindSum>();
  let isClosed = false;
  let savedMs = Number.NEGATIVE_INFINITY;
  let toldAllMs = Number.NEGATIVE_INFINITY;

  const save = (nowMs: number): void => {
    for (const sum of ledger.changed()) {
      const key = JSON.stringify([sum.day, sum.cameraId, sum.ruleId, sum.reason]);
      untold.set(key, sum);
      unsaved.set(key, sum);
    }
    try {
      store.save([...unsaved.values()], ledger.aliveAtMs() ?? nowMs, ledger.oldestDay());
      unsaved.clear();
    } catch (error) {
      logger.error({ reason: String(error) }, 'blind time could not be kept');
    }
    savedMs = nowMs;
  };

  return {
    tick: (nowMs, sights, steadyMs) => {
      ledger.advance(nowMs, sights, steadyMs);
      if (Math.abs(nowMs - savedMs) >= saveEveryMs) save(nowMs);
    },
    today: (nowMs) => {
      const today = ledger.dayOf(nowMs);
      return ledger.sums().flatMap((sum) => (sum.day === today ? [entryOf(sum)] : []));
    },
    news: (nowMs) => {
      const tellsAll = Math.abs(nowMs - toldAllMs) >= tellAllEveryMs;
      const since = ledger.dayOf(nowMs - 86_400_000);
      const told = tellsAll
        ? ledger.sums().filter(({ day }) => day >= since)
        : [...untold.values()];
      if (tellsAll) toldAllMs = nowMs;
      untold.clear();
      return told.map(entryOf);
    },
    close: (nowMs) => {
      if (isClosed) return;
      isClosed = true;
      save(nowMs);
      store.close();
    },
  };
}

/** Without its file the account is kept in memory: the box watches on. */
function openOrForget(file: string, logger: Logger): BlindStore {
  try {
    return openBlindStore(file);
  } catch (error) {
    logger.error({ file, reason: String(error) }, 'blind time is kept in memory only');
    return openBlindStore(':memory:');
  }
}

function entryOf({ milliseconds, ruleId, ...sum }: BlindSum): BlindEntry {
  const seconds = Math.round(milliseconds / 1000);
  return { ...sum, seconds, ...(ruleId === undefined ? {} : { ruleId }) };
}
