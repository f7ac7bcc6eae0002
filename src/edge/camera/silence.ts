/**
 * Judges whether an open stream has fallen silent. Pure: the monotonic clock is passed in. A judgement that comes late
 * itself proves nothing, and the time by which it is late is not counted as silence, so that a busy or halted box does
 * not take its own delay for a fault of all its cameras.
 */

export type Silence = Readonly<{
  opened: (nowMs: number) => void;
  /** A new picture came. */
  picture: (nowMs: number) => void;
  closed: () => void;
  /** Asked every `judgeEveryMs`: how many seconds too long nothing has come, undefined while all is well. */
  judge: (nowMs: number) => number | undefined;
}>;

export const judgeEveryMs = 500;
const lateAfterMs = 2 * judgeEveryMs;

/** Limits in seconds: before the first picture, and between two. */
export function createSilence(limits: Readonly<{ first: number; between: number }>): Silence {
  let since: number | undefined;
  let limit = limits.first;
  let judgedAt: number | undefined;
  return {
    opened: (nowMs) => {
      // The first judgement can come late too.
      judgedAt ??= nowMs;
      since = nowMs;
      limit = limits.first;
    },
    picture: (nowMs) => {
      since = nowMs;
      limit = limits.between;
    },
    closed: () => {
      since = undefined;
    },
    judge: (nowMs) => {
      const late = judgedAt === undefined ? 0 : nowMs - judgedAt - judgeEveryMs;
      judgedAt = nowMs;
      if (since === undefined) return undefined;
      if (late > lateAfterMs) {
        since = Math.min(nowMs, since + late);
        return undefined;
      }
      return nowMs - since > limit * 1000 ? limit : undefined;
    },
  };
}
