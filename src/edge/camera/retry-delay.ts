/**
 * How long to wait before a camera is tried again. Short at first, so that pictures are back within five seconds of
 * the camera's return; after five minutes of failure at most ten seconds, which costs a dead camera's network little.
 * Refused credentials are tried rarely: many cameras lock an account after a few bad attempts.
 */

const quickDelays = [1, 1, 1, 2] as const;
const quickCapSeconds = 2;
const quickForMs = 5 * 60_000;
const slowCapSeconds = 10;
const refusedDelays = [60] as const;
const refusedCapSeconds = 300;
const mostJitter = 0.2;

/** `failures` counts from 1; `failingForMs` since the last picture; `random` is 0..1. Answers milliseconds. */
export function retryDelayMs(
  cause: 'offline' | 'auth-failed' | 'stalled',
  failures: number,
  failingForMs: number,
  random: number,
): number {
  const jitter = 1 + random * mostJitter;
  if (cause === 'auth-failed') {
    return (refusedDelays[failures - 1] ?? refusedCapSeconds) * 1000 * jitter;
  }
  if (failingForMs > quickForMs) return slowCapSeconds * 1000 * jitter;
  return (quickDelays[failures - 1] ?? quickCapSeconds) * 1000 * jitter;
}
