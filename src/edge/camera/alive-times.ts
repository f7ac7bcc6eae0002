/** When pictures came: in the present attempt, and last of all; and how many failures in a row that makes. */

/** A stream that has been live for this long makes earlier failures forgotten; one that comes and goes does not. */
const recoveredAfterMs = 60_000;

export type AliveTimes = Readonly<{
  begin: () => void;
  /** A picture came. */
  mark: (nowMs: number) => void;
  lastAt: () => number;
  /** The failures in a row, with the one that has just ended the attempt. */
  failuresAfter: (failuresBefore: number) => number;
}>;

export function createAliveTimes(startedAtMs: number): AliveTimes {
  let lastAt = startedAtMs;
  let since: number | undefined;
  return {
    begin: () => {
      since = undefined;
    },
    mark: (nowMs) => {
      lastAt = nowMs;
      since ??= nowMs;
    },
    lastAt: () => lastAt,
    failuresAfter: (failuresBefore) => {
      const isRecovered = since !== undefined && lastAt - since >= recoveredAfterMs;
      return isRecovered ? 1 : failuresBefore + 1;
    },
  };
}
