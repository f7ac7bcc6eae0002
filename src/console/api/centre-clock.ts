/**
 * The present as the centre has it: alarms carry the centre's times, and the clock of a browser may be minutes wrong.
 * Learnt from the `Date` of its answers, which counts whole seconds; what is within two of them is taken for no difference.
 */

const unnoticedMs = 2_000;
let aheadMs = 0;

export const centreNowMs = (): number => Date.now() + aheadMs;

/** `dateHeader` of an answer that was asked for at `askedAtMs` of this browser and has come now. */
export function learnCentreTime(dateHeader: string | null, askedAtMs: number): void {
  const cameAtMs = Date.now();
  const centreMs = Date.parse(dateHeader ?? '') + 500;
  // An answer that took long tells little of the time.
  if (Number.isNaN(centreMs) || cameAtMs - askedAtMs > unnoticedMs) return;
  const found = centreMs - (askedAtMs + cameAtMs) / 2;
  if (Math.abs(found - aheadMs) > unnoticedMs) aheadMs = Math.abs(found) > unnoticedMs ? found : 0;
}
