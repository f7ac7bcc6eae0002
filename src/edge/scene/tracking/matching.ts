/**
 * Gives each followed object its detection of the frame, in three rounds: confirmed tracks take strong detections,
 * then young tracks take what strong ones are left, then all that are left take the weak ones.
 */
import type { Detection } from '../../detector/detection.ts';
import { iou } from '../../geometry/iou.ts';
import { associate, type Expected } from './association.ts';
import { footDeviation, stanceIn, stanceOf } from './box-motion.ts';
import { type Followed, isConfirmed, type Sighting, unseenSeconds } from './followed.ts';
import { coveredShare } from './occlusion.ts';
import { trackerConstants as constants } from './tracker-settings.ts';

export type Matching = Readonly<{
  matched: ReadonlyMap<Followed, Sighting>;
  /** Detections of no known object that are sure enough to begin one. */
  unclaimed: readonly Sighting[];
}>;

export function sightingsOf(
  detections: readonly Detection[],
  aspectRatio: number,
): readonly Sighting[] {
  const boxes = detections
    .filter((detection) => detection.confidence >= constants.coverConfidence)
    .map((detection) => detection.box);
  return detections
    .filter((detection) => detection.confidence >= constants.weakConfidence)
    .map((detection) => ({
      detection,
      stance: stanceOf(detection.box, aspectRatio),
      covered: coveredShare(detection.box, boxes),
    }));
}

/** `expected` are predicted for this moment already. */
export function match(
  expected: readonly Followed[],
  sightings: readonly Sighting[],
  mediaTimeMs: number,
): Matching {
  const matched = new Map<Followed, Sighting>();
  const used = new Set<Sighting>();
  const round = (
    tracks: readonly Followed[],
    offered: readonly Sighting[],
    greatestCost: number,
  ) => {
    for (const [one, sighting] of pairUp(tracks, offered, greatestCost, mediaTimeMs)) {
      matched.set(one, sighting);
      used.add(sighting);
    }
  };
  const strong = sightings.filter(
    ({ detection }) => detection.confidence >= constants.strongConfidence,
  );
  round(expected.filter(isConfirmed), strong, constants.strongCost);
  const young = expected.filter((one) => !isConfirmed(one));
  round(
    young,
    strong.filter((one) => !used.has(one)),
    constants.strongCost,
  );
  const left = sightings.filter((one) => !used.has(one) && !isDoubleOf(one, used));
  const missing = expected.filter(
    (one) => !matched.has(one) && unseenSeconds(one, mediaTimeMs) <= constants.weakGapSeconds,
  );
  round(missing, left, constants.weakCost);
  const unclaimed = left.filter(
    (one) => !used.has(one) && one.detection.confidence >= constants.startConfidence,
  );
  return { matched, unclaimed };
}

function pairUp(
  tracks: readonly Followed[],
  sightings: readonly Sighting[],
  greatestCost: number,
  mediaTimeMs: number,
): readonly (readonly [Followed, Sighting])[] {
  const expected = tracks.map((one) => expectationOf(one, mediaTimeMs));
  const seen = sightings.map(({ detection, stance }) => ({
    label: detection.label,
    stance,
    box: detection.box,
    appearance: detection.appearance,
  }));
  return associate(expected, seen, greatestCost).flatMap(([row, column]) => {
    const track = tracks[row];
    const sighting = sightings[column];
    return track === undefined || sighting === undefined ? [] : [[track, sighting] as const];
  });
}

/** What association is told of an object that is predicted for this moment. */
export function expectationOf(one: Followed, mediaTimeMs: number): Expected {
  const reach = constants.reachHeights + constants.reachPace * unseenSeconds(one, mediaTimeMs);
  return {
    label: one.label,
    stance: stanceIn(one.motion),
    box: one.box,
    reachHeights: Math.min(constants.greatestReachHeights, reach),
    deviationHeights: footDeviation(one.motion) + constants.strayHeights,
    appearance: one.appearance,
  };
}

function isDoubleOf(sighting: Sighting, used: ReadonlySet<Sighting>): boolean {
  const overlaps = (other: Sighting) => iou(sighting.detection.box, other.detection.box);
  return [...used].some((other) => overlaps(other) > constants.weakDoubleOverlap);
}
