/** Tells about once a second how far a replay has come. */
const everyMs = 1000;

export function createProgress(
  say: (line: string) => void,
): (mediaTimeMs: number, analysedFrames: number) => void {
  let saidAt = performance.now();
  return (mediaTimeMs, analysedFrames) => {
    const now = performance.now();
    if (now - saidAt < everyMs) return;
    saidAt = now;
    say(`${(mediaTimeMs / 1000).toFixed(1)} s of the clip, ${analysedFrames} frames analysed`);
  };
}
