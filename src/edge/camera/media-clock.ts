/**
 * The two clocks of a frame. Media time starts at 0 with the first frame, follows the stream's own timestamps and goes
 * on over reconnects, resets and jumps by the time that really passed; it never goes back. The capture time is the
 * wall clock of the quickest recent arrival carried on by media time, which takes the jitter of network and decoder
 * out. Pure: the moments are passed in.
 */

/** `monotonicMs` never jumps; `wallMs` is the epoch. */
export type Moment = Readonly<{ monotonicMs: number; wallMs: number }>;

export type FrameTimes = Readonly<{ mediaTimeMs: number; capturedAtMs: number }>;

export type MediaClock = Readonly<{
  /** `streamTimeMs` is undefined when the stream gave no timestamp. */
  stamp: (streamTimeMs: number | undefined, arrived: Moment) => FrameTimes;
  /** The next stamp belongs to a new connection: its timestamps have a new origin. */
  reconnect: () => void;
}>;

/** A stream time that differs this much from the time that passed is a jump, not jitter. */
const jumpMs = 5000;
/** How fast the anchor may follow an arrival that stays late: clocks drift apart by far less. */
const driftPerMs = 0.002;

type Last = Readonly<{
  streamTimeMs: number | undefined;
  monotonicMs: number;
  mediaTimeMs: number;
  capturedAtMs: number;
  /** Monotonic clock at media time 0, by the quickest arrival. */
  anchorMs: number;
}>;

export function createMediaClock(): MediaClock {
  let last: Last | undefined;
  return {
    stamp: (streamTimeMs, arrived) => {
      const mediaTimeMs =
        last === undefined ? 0 : last.mediaTimeMs + step(last, streamTimeMs, arrived);
      const anchorMs = anchor(last, mediaTimeMs, arrived);
      const wallAtZero = arrived.wallMs - arrived.monotonicMs;
      const capturedAtMs = Math.round(wallAtZero + anchorMs + mediaTimeMs);
      last = {
        streamTimeMs,
        monotonicMs: arrived.monotonicMs,
        mediaTimeMs,
        capturedAtMs,
        anchorMs,
      };
      return { mediaTimeMs, capturedAtMs };
    },
    reconnect: () => {
      if (last !== undefined) last = { ...last, streamTimeMs: undefined };
    },
  };
}

/** Milliseconds of media time since the last frame; more than 0. */
function step(last: Last, streamTimeMs: number | undefined, arrived: Moment): number {
  const passed = Math.max(1, arrived.monotonicMs - last.monotonicMs);
  if (streamTimeMs === undefined || last.streamTimeMs === undefined) return passed;
  const told = streamTimeMs - last.streamTimeMs;
  return told > 0 && told < passed + jumpMs && told > passed - jumpMs ? told : passed;
}

function anchor(last: Last | undefined, mediaTimeMs: number, arrived: Moment): number {
  const now = arrived.monotonicMs - mediaTimeMs;
  if (last === undefined || now <= last.anchorMs) return now;
  const drift = (arrived.monotonicMs - last.monotonicMs) * driftPerMs;
  return Math.min(now, last.anchorMs + drift);
}
