/**
 * The box's clock, held against one that only counts: ages go by the counting one, and what happens around a jump, or at a
 * time that cannot be, is marked. A box without a battery wakes up in 1970 and is set right some minutes later. Pure but for
 * what it remembers.
 */
import type { ClockSuspect } from '../../contract/clock-suspect.ts';

export type Clocks = Readonly<{
  wallMs: () => number;
  /** Of a clock that nobody sets. */
  steadyMs: () => number;
}>;

export const systemClocks: Clocks = { wallMs: Date.now, steadyMs: () => performance.now() };

export type EdgeTime = Readonly<{
  wallMs: number;
  /** Counts on from the wall clock as it was at the start, whatever that does meanwhile. */
  agedMs: number;
  clockSuspect?: ClockSuspect;
}>;

export type EdgeClock = Readonly<{
  read: () => EdgeTime;
  /** The mark of what was stored at that age, if the clock has been set since. */
  setSince: (agedMs: number) => ClockSuspect | undefined;
}>;

/** Clocks are trimmed by less than this; what is more is a jump. */
const trimMs = 2000;
/** Longer than the centre needs to forget how the clock stood before. */
const suspectForMs = 15 * 60_000;
/** Before this program was written. */
const earliestMs = Date.UTC(2024, 0, 1);

/** `lastSeenMs`: a time that was seen before this start, if there was one. */
export function createEdgeClock(clocks: Clocks, lastSeenMs?: number): EdgeClock {
  const startMs = clocks.wallMs() - clocks.steadyMs();
  let offsetMs = startMs;
  const wentBackMs = Math.min(0, clocks.wallMs() - (lastSeenMs ?? Number.NEGATIVE_INFINITY));
  let jump =
    wentBackMs < -trimMs ? { aheadMs: wentBackMs, atSteadyMs: clocks.steadyMs() } : undefined;

  const look = () => {
    const [wallMs, steadyMs] = [clocks.wallMs(), clocks.steadyMs()];
    const movedMs = wallMs - steadyMs - offsetMs;
    if (Math.abs(movedMs) > trimMs) jump = { aheadMs: movedMs, atSteadyMs: steadyMs };
    offsetMs += movedMs;
    return { wallMs, steadyMs };
  };
  const markNow = (wallMs: number, steadyMs: number): ClockSuspect | undefined => {
    if (wallMs < earliestMs) return { why: 'implausible' };
    if (jump === undefined || steadyMs - jump.atSteadyMs > suspectForMs) return undefined;
    return { why: 'jumped', aheadMs: Math.round(jump.aheadMs) };
  };

  return {
    read: () => {
      const { wallMs, steadyMs } = look();
      const clockSuspect = markNow(wallMs, steadyMs);
      const times = { wallMs, agedMs: startMs + steadyMs };
      return clockSuspect === undefined ? times : { ...times, clockSuspect };
    },
    setSince: (agedMs) => {
      look();
      if (jump === undefined || agedMs >= startMs + jump.atSteadyMs) return undefined;
      return { why: 'jumped', aheadMs: Math.round(-jump.aheadMs) };
    },
  };
}
