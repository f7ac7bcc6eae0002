/**
 * Whether the clock can be believed, for it decides what is old enough to be deleted. The wall clock is held against a
 * clock that only counts, and at a start against the last time that was believed. Pure: readings go in, a verdict comes out.
 */

export type Reading = Readonly<{
  wallMs: number;
  /** Of a clock that nobody sets. */
  steadyMs: number;
}>;

export type ClockMemory = Readonly<{
  /** How far the wall clock was ahead of the steady one when it was farthest behind, since an administrator believed it. */
  lowestMs: number;
  /** How far ahead it has been believed to be. */
  believedMs: number;
  /** A jump that is waited out: how far it went, and since when on the steady clock. */
  jump?: Readonly<{ aheadMs: number; sinceSteadyMs: number }>;
}>;

export type ClockVerdict =
  | Readonly<{ kind: 'believed'; nowMs: number }>
  | Readonly<{ kind: 'waiting' }>
  /** The clock went from about the one time to the other; somebody has to say that it is right. */
  | Readonly<{ kind: 'asking'; fromMs: number; toMs: number }>;

const hourMs = 3600_000;
const smallestJumpMs = hourMs;
const waitMs = 5 * 60_000;
const largestJumpMs = 12 * hourMs;

const aheadOf = ({ wallMs, steadyMs }: Reading): number => wallMs - steadyMs;

/** `lastBelievedMs`: the newest time that was believed before this start, if there was one. */
export function startClock(reading: Reading, lastBelievedMs: number | undefined): ClockMemory {
  const aheadMs = aheadOf({
    ...reading,
    wallMs: Math.min(reading.wallMs, lastBelievedMs ?? reading.wallMs),
  });
  return { lowestMs: aheadMs, believedMs: aheadMs };
}

export function readClock(
  memory: ClockMemory,
  reading: Reading,
): Readonly<{ memory: ClockMemory; verdict: ClockVerdict }> {
  const aheadMs = aheadOf(reading);
  // What is stored while the clock is behind looks older once it is right again: the way back up is a jump like any other.
  const lowestMs = Math.min(memory.lowestMs, aheadMs);
  const believedMs = Math.min(memory.believedMs, aheadMs);
  const calm = { lowestMs, believedMs };
  if (aheadMs - lowestMs > largestJumpMs) {
    const fromMs = reading.steadyMs + believedMs;
    return { memory: calm, verdict: { kind: 'asking', fromMs, toMs: reading.wallMs } };
  }
  const believed: ClockVerdict = { kind: 'believed', nowMs: reading.wallMs };
  if (aheadMs - believedMs <= smallestJumpMs) return { memory: calm, verdict: believed };
  const known = memory.jump;
  const isSame = known !== undefined && Math.abs(known.aheadMs - aheadMs) <= smallestJumpMs;
  const jump = isSame ? known : { aheadMs, sinceSteadyMs: reading.steadyMs };
  if (reading.steadyMs - jump.sinceSteadyMs >= waitMs)
    return { memory: { lowestMs, believedMs: aheadMs }, verdict: believed };
  return { memory: { ...calm, jump }, verdict: { kind: 'waiting' } };
}

/** An administrator has looked at it. */
export function believeClock(reading: Reading): ClockMemory {
  const aheadMs = aheadOf(reading);
  return { lowestMs: aheadMs, believedMs: aheadMs };
}
