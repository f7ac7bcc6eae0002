/** Counts what a camera worker did lately: analysed frames per second over the last five seconds, age of the newest frame. */

const windowMs = 5000;

type PulseFacts = Readonly<{
  analysedPerSecond: number;
  mediaTimeMs: number;
  frameAgeMs?: number;
  width?: number;
  height?: number;
}>;

export type Pulse = Readonly<{
  picture: (width: number, height: number) => void;
  analysed: (capturedAtMs: number, mediaTimeMs: number) => void;
  read: (nowMs: number) => PulseFacts;
}>;

export function createPulse(): Pulse {
  let size: Readonly<{ width: number; height: number }> | undefined;
  let times: number[] = [];
  let mediaTimeMs = 0;
  return {
    picture: (width, height) => {
      size = { width, height };
    },
    analysed: (capturedAtMs, atMediaTimeMs) => {
      mediaTimeMs = atMediaTimeMs;
      times.push(capturedAtMs);
    },
    read: (nowMs) => {
      const newest = times.at(-1);
      times = times.filter((atMs) => atMs > nowMs - windowMs || atMs === newest);
      const recent = times.filter((atMs) => atMs > nowMs - windowMs).length;
      return {
        analysedPerSecond: Math.round((recent * 10_000) / windowMs) / 10,
        mediaTimeMs,
        ...(newest === undefined ? {} : { frameAgeMs: Math.max(0, nowMs - newest) }),
        ...size,
      };
    },
  };
}
