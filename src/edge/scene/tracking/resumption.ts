/**
 * A lost track that goes on as another: somebody behind a post or a car is seen again, but only faintly, so that no single
 * detection is believed. When such sightings have come one after the other for as long as a new track needs, at the place
 * where the lost one is expected and looking like it, they are the lost one.
 */
import { pairCost } from './association.ts';
import { stanceIn } from './box-motion.ts';
import { type Followed, isConfirmed } from './followed.ts';
import { bridge } from './gap.ts';
import { expectationOf } from './matching.ts';
import { trackerConstants as constants } from './tracker-settings.ts';

type Confirmed = Followed & { trackId: number };

/** The lost track that the young one continues, if there is one. */
export function lostOneOf(
  young: Followed,
  alive: readonly Followed[],
  nowMs: number,
): Confirmed | undefined {
  const age = (nowMs - young.firstSeenMs) / 1000;
  const confidence = young.confidenceSum / young.sightings;
  if (age < constants.confirmSeconds || confidence < constants.resumeConfidence) return undefined;
  const seen = {
    label: young.label,
    stance: stanceIn(young.motion),
    box: young.box,
    appearance: young.appearance?.mean,
  };
  let best: Confirmed | undefined;
  let least: number = constants.resumeCost;
  for (const one of alive) {
    if (!isConfirmed(one) || one.lastSeenMs >= young.firstSeenMs) continue;
    const cost = pairCost(expectationOf(one, nowMs), seen);
    if (cost >= least) continue;
    least = cost;
    best = one;
  }
  return best;
}

/** The lost track, moving as the young one does; where it was seen meanwhile is told with it. */
export function resume(lost: Confirmed, young: Followed): Confirmed {
  const [first] = young.points;
  const between = first === undefined ? [] : bridge(lost.gap, first.box, first.mediaTimeMs);
  return {
    ...young,
    trackId: lost.trackId,
    firstSeenMs: lost.firstSeenMs,
    appearance: lost.appearance ?? young.appearance,
    points: [...between, ...young.points],
  };
}
