/**
 * Whether the box has more to look at than it can: requests wait long for their turn, and have done so for a while. Well
 * again when they have waited little for as long. Pure; times in milliseconds of any one clock.
 */

export type OverloadWatch = Readonly<{
  /** Told of each request as its turn comes; answers when it begins or ends. */
  waited: (waitedMs: number, nowMs: number) => 'began' | 'ended' | undefined;
  isOverloaded: () => boolean;
  /** Moving average. */
  waitMs: () => number;
}>;

const longMs = 300;
const shortMs = 150;
const lastingMs = 10_000;
const newestShare = 0.05;

export function createOverloadWatch(): OverloadWatch {
  let meanMs = 0;
  let isOverloaded = false;
  let otherwiseSinceMs: number | undefined;
  return {
    waited: (waitedMs, nowMs) => {
      meanMs += newestShare * (waitedMs - meanMs);
      const isOtherwise = isOverloaded ? meanMs < shortMs : meanMs > longMs;
      if (!isOtherwise) {
        otherwiseSinceMs = undefined;
        return undefined;
      }
      otherwiseSinceMs ??= nowMs;
      if (nowMs - otherwiseSinceMs < lastingMs) return undefined;
      otherwiseSinceMs = undefined;
      isOverloaded = !isOverloaded;
      return isOverloaded ? 'began' : 'ended';
    },
    isOverloaded: () => isOverloaded,
    waitMs: () => meanMs,
  };
}
