/** When each pop-up was first painted, kept on the window so that the time from capture to screen can be measured from outside. */

export type ShownTime = Readonly<{
  alarmId: string;
  /** Wall clock of the frame that shows it. */
  capturedAtMs: number;
  /** Absent when the alarm did not come by the feed. */
  feedAtMs?: number;
  shownAtMs: number;
}>;

declare global {
  interface Window {
    haoguanjiaShown?: ShownTime[];
  }
}

const mostKept = 1000;

export function recordShown(time: ShownTime): void {
  const times = window.haoguanjiaShown ?? [];
  window.haoguanjiaShown = times;
  times.push(time);
  if (times.length > mostKept) times.shift();
}

/** Calls back when what React has just put into the page has been painted. Returns the cancel. */
export function afterPaint(callback: () => void): () => void {
  let timer: number | undefined;
  // A frame callback runs before the paint; a message queued from within it runs after.
  const frame = requestAnimationFrame(() => {
    timer = window.setTimeout(callback, 0);
  });
  return () => {
    cancelAnimationFrame(frame);
    window.clearTimeout(timer);
  };
}
