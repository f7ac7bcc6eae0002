/**
 * Slows guessing down: failed sign-ins are counted for an account at an address, for the account from everywhere, and for
 * the address. Whoever guesses at a name from one place shuts out that place, not the owner of the name elsewhere.
 */

export type SignInLimit = Readonly<{
  /** How long the next attempt has to wait; 0 when it may be made. */
  waitMs: (username: string, address: string) => number;
  /** Counted as a failure until it has succeeded, so that attempts at once are not let through together. */
  attempted: (username: string, address: string) => void;
  succeeded: (username: string, address: string) => void;
}>;

const windowMs = 15 * 60_000;
const firstPauseMs = 60_000;
const mostEntries = 10_000;
const limits = { pair: 5, address: 30, account: 50 } as const;

type Counted = { failures: number; sinceMs: number; pauses: number; blockedUntilMs: number };

export function createSignInLimit(now: () => number): SignInLimit {
  const counted = new Map<string, Counted>();
  const keysOf = (username: string, address: string) =>
    [
      [JSON.stringify([username, address]), limits.pair],
      [JSON.stringify(['', address]), limits.address],
      [JSON.stringify([username, '']), limits.account],
    ] as const;
  return {
    waitMs: (username, address) => {
      const waits = keysOf(username, address).map(
        ([key]) => (counted.get(key)?.blockedUntilMs ?? 0) - now(),
      );
      return Math.max(0, ...waits);
    },
    attempted: (username, address) => {
      if (counted.size >= mostEntries) forgetOld(counted, now());
      for (const [key, limit] of keysOf(username, address)) count(counted, key, limit, now());
    },
    succeeded: (username, address) => {
      const [pair, ...shared] = keysOf(username, address);
      counted.delete(pair[0]);
      for (const [key, limit] of shared) takeBack(counted.get(key), limit);
    },
  };
}

function count(counted: Map<string, Counted>, key: string, limit: number, nowMs: number): void {
  const before = counted.get(key);
  const goesOn = before !== undefined && nowMs - before.sinceMs < windowMs;
  const entry = goesOn ? before : { failures: 0, sinceMs: nowMs, pauses: 0, blockedUntilMs: 0 };
  entry.failures += 1;
  if (entry.failures >= limit) {
    entry.blockedUntilMs = nowMs + Math.min(firstPauseMs * 2 ** entry.pauses, windowMs);
    entry.pauses += 1;
    entry.failures = 0;
    entry.sinceMs = nowMs;
  }
  counted.set(key, entry);
}

function takeBack(entry: Counted | undefined, limit: number): void {
  if (entry === undefined) return;
  if (entry.failures > 0) {
    entry.failures -= 1;
    return;
  }
  // This very attempt had closed the door.
  entry.failures = limit - 1;
  entry.pauses = Math.max(0, entry.pauses - 1);
  entry.blockedUntilMs = 0;
}

/** A flood of invented names must not fill the memory: what has run out goes first, then the oldest. */
function forgetOld(counted: Map<string, Counted>, nowMs: number): void {
  for (const [key, { sinceMs, blockedUntilMs }] of counted) {
    if (nowMs - sinceMs >= windowMs && blockedUntilMs <= nowMs) counted.delete(key);
  }
  for (const key of counted.keys()) {
    if (counted.size < mostEntries / 2) break;
    counted.delete(key);
  }
}
