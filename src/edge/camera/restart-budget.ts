/**
 * How many silent streams a whole box ends: at most one a second, whatever its watchdogs think. What hits all cameras at
 * once is a switch or the box itself, and ending every stream for it makes things worse; those that come back meanwhile
 * are left alone. Shared memory, since each camera has a thread of its own.
 */

/** One for each box, handed to every camera. */
export type RestartBudget = Readonly<{ lastAtMs: SharedArrayBuffer }>;

const leastMsBetween = 1000;
/** Before the first. */
const never = -1n;

export function createRestartBudget(): RestartBudget {
  const lastAtMs = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);
  Atomics.store(new BigInt64Array(lastAtMs), 0, never);
  return { lastAtMs };
}

/** True when it is one's turn, which is then used up. `nowMs` is a monotonic clock that all threads share. */
export function takeRestart({ lastAtMs }: RestartBudget, nowMs: bigint): boolean {
  const last = new BigInt64Array(lastAtMs);
  const before = Atomics.load(last, 0);
  if (before !== never && nowMs - before < leastMsBetween) return false;
  return Atomics.compareExchange(last, 0, before, nowMs) === before;
}

/** Milliseconds of the system's monotonic clock, the same in every thread. */
export function sharedMonotonicMs(): bigint {
  return process.hrtime.bigint() / 1_000_000n;
}
