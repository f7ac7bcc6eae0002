/**
 * How a live picture stays near the present: what to do after each appended fragment. Pure.
 * A small lag is caught up by playing a little faster; only a large one is jumped over, because seeking on every fragment
 * starves the decoder.
 */

export type BufferView = Readonly<{
  /** Media seconds; the newest buffered range. */
  startSeconds: number;
  endSeconds: number;
  currentSeconds: number;
}>;

export type BufferOrder = Readonly<{
  playbackRate: number;
  /** Jump here. */
  seekToSeconds?: number;
  /** Drop everything buffered before this. */
  removeBeforeSeconds?: number;
}>;

const jumpLagSeconds = 1.5;
const hurryLagSeconds = 0.6;
/** Once hurrying, go on until this small a lag, so that the rate does not flutter. */
const calmLagSeconds = 0.3;
/** A decoder gives no first picture before it has some frames: at 10 frames a second these are five. */
const behindTheEdgeSeconds = 0.5;
const keepSeconds = 10;
const trimAtSeconds = 20;

export function bufferOrder(view: BufferView, hurrying: boolean): BufferOrder {
  const lagSeconds = view.endSeconds - view.currentSeconds;
  const outside = view.currentSeconds < view.startSeconds || lagSeconds < 0;
  const jump = outside || lagSeconds > jumpLagSeconds;
  const hurry = !jump && lagSeconds > (hurrying ? calmLagSeconds : hurryLagSeconds);
  const trim = view.endSeconds - view.startSeconds > trimAtSeconds;
  return {
    playbackRate: hurry ? 1.1 : 1,
    ...(jump
      ? { seekToSeconds: Math.max(view.endSeconds - behindTheEdgeSeconds, view.startSeconds) }
      : {}),
    ...(trim ? { removeBeforeSeconds: view.endSeconds - keepSeconds } : {}),
  };
}

/** How long to wait before the next attempt: half a second, doubling, at most five seconds. */
export function retryDelayMs(failedAttempts: number): number {
  return Math.min(5_000, 500 * 2 ** Math.min(failedAttempts, 10));
}
