/**
 * Keeps a camera that floods from taking the box's processor: what it sends is read no faster than any camera needs,
 * so that TCP slows it down. Pure: the monotonic clock is passed in.
 */

export type FloodLimit = Readonly<{
  /** Milliseconds for which nothing more should be read; 0 nearly always. */
  taken: (bytes: number, nowMs: number) => number;
}>;

/** 64 Mbit/s: four times what 3840x2160 takes. */
const bytesPerMs = 8000;
/** Two seconds of it at once: a key frame in full resolution, or what waited in the network. */
const burstBytes = 2000 * bytesPerMs;

export function createFloodLimit(): FloodLimit {
  let credit = burstBytes;
  let creditedAt: number | undefined;
  return {
    taken: (bytes, nowMs) => {
      credit = Math.min(burstBytes, credit + (nowMs - (creditedAt ?? nowMs)) * bytesPerMs) - bytes;
      creditedAt = nowMs;
      return credit >= 0 ? 0 : Math.ceil(-credit / bytesPerMs);
    },
  };
}
