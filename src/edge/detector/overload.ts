/**
 * Whether the box has more to look at than it can: requests wait long for their turn, and have done so for a while. Well
 * again when they have waited little for as long. It also knows which cameras are the ones that wait. Pure; times in
 * milliseconds of any one clock.
 */

export type OverloadWatch = Readonly<{
  /** Told of each request as its turn comes; answers when it begins or ends. */
  waited: (cameraId: string, waitedMs: number, nowMs: number) => 'began' | 'ended' | undefined;
  isOverloaded: () => boolean;
  /** Moving average of all requests. */
  waitMs: () => number;
  /** Cameras whose looks come late, the latest first; told lately only. */
  late: (nowMs: number) => readonly LateCamera[];
}>;

export type LateCamera = Readonly<{ cameraId: string; waitMs: number }>;

const longMs = 300;
const shortMs = 150;
const lastingMs = 10_000;
const newestShare = 0.05;
/** A camera is looked at a few times a second at most: its own mean has to follow sooner. */
const newestOfCamera = 0.2;
/** Quiet cameras are looked at every three seconds. */
const rememberMs = 30_000;

export function createOverloadWatch(): OverloadWatch {
  const cameras = new Map<string, Readonly<{ waitMs: number; atMs: number }>>();
  let meanMs = 0;
  let isOverloaded = false;
  let otherwiseSinceMs: number | undefined;
  return {
    waited: (cameraId, waitedMs, nowMs) => {
      const before = cameras.get(cameraId)?.waitMs ?? waitedMs;
      const waitMs = before + newestOfCamera * (waitedMs - before);
      cameras.set(cameraId, { waitMs, atMs: nowMs });
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
    late: (nowMs) => {
      for (const [cameraId, { atMs }] of cameras)
        if (nowMs - atMs > rememberMs) cameras.delete(cameraId);
      return [...cameras]
        .filter(([, { waitMs }]) => waitMs > longMs)
        .map(([cameraId, { waitMs }]) => ({ cameraId, waitMs }))
        .sort((a, b) => b.waitMs - a.waitMs);
    },
  };
}
