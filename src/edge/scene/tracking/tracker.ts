/**
 * Follows objects from frame to frame: Kalman filter on the box in real time, association in two stages, strong
 * detections first and then weak ones for the tracks that are left (Zhang et al., ByteTrack, ECCV 2022,
 * https://arxiv.org/abs/2110.06864), with foot distance, overlap, height and appearance in the cost.
 * Pure: time comes with the detections.
 */
import type { Detection } from '../../detector/detection.ts';
import { iou } from '../../geometry/iou.ts';
import { associate, weights, type Expected } from './association.ts';
import { stanceFrom, stanceOf } from './box-motion.ts';
import {
  carryOn,
  type Followed,
  predictedBox,
  type Sighting,
  seeAgain,
  sightingOf,
  startFollowing,
} from './followed.ts';
import { coveredShare, visibleShare } from './occlusion.ts';
import { explain, keepThings, type SceneryThing, seeThing } from './scenery.ts';
import type { Track, TrackedFrame } from './track.ts';
import { type TrackerSettings, trackerDefaults } from './tracker-settings.ts';

export type Tracker = Readonly<{
  /** Frames come in order; `mediaTimeMs` never goes back. */
  observe: (
    detections: readonly Detection[],
    mediaTimeMs: number,
    capturedAtMs: number,
  ) => TrackedFrame;
  /** How many objects are remembered, for tests and for health. */
  remembered: () => number;
}>;

export function createTracker(given: Partial<TrackerSettings> & { aspectRatio: number }): Tracker {
  const settings: TrackerSettings = { ...trackerDefaults, ...given };
  let followed: readonly Followed[] = [];
  let things: readonly SceneryThing[] = [];
  let nextTrackId = 1;
  let previousMs: number | undefined;

  return {
    observe: (detections, mediaTimeMs, capturedAtMs) => {
      const seconds = Math.max(0, mediaTimeMs - (previousMs ?? mediaTimeMs)) / 1000;
      previousMs = mediaTimeMs;
      const expected = followed.map((one) => carryOn(one, seconds, mediaTimeMs, settings));
      const explained = new Set<Detection>();
      things = keepThings(things, mediaTimeMs).map((thing) => {
        const own = detections.filter((d) => !explained.has(d) && explain([thing], d.box, d.confidence))[0];
        if (own === undefined) return thing;
        explained.add(own);
        return seeThing(thing, own.box, own.confidence, mediaTimeMs);
      });
      const { updated, unused } = matchSightings(expected, detections.filter((d) => !explained.has(d)), mediaTimeMs, settings);
      const started = unused.map((sighting) => startFollowing(nextTrackId++, sighting, mediaTimeMs));
      const hiding = hideBehind(updated, mediaTimeMs, settings);
      const alive = hiding.filter((one) => isAlive(one, mediaTimeMs, settings));
      const others = alive.filter((o) => o.confirmed && o.lastSeenMs === mediaTimeMs).map((o) => predictedBox(o, settings.aspectRatio));
      const confirming = alive.map((one) => !one.confirmed && others.some((o) => iou(o, predictedBox(one, settings.aspectRatio)) > settings.ghostIou) ? { ...one, evidence: one.evidence - one.confidence, points: one.points.slice(-1), firstSeenMs: mediaTimeMs, sightings: one.sightings - 1 } : confirm(one, mediaTimeMs, settings));
      const frame: TrackedFrame = {
        mediaTimeMs,
        capturedAtMs,
        tracks: confirming.filter((one) => one.confirmed).map((one) => report(one, mediaTimeMs, settings)),
        endedTrackIds: hiding
          .filter((one) => one.confirmed && !alive.includes(one))
          .map((one) => one.trackId),
      };
      const still = confirming.filter((one) => isScenery(one, mediaTimeMs, settings));
      things = [...things, ...still.map((one) => ({ box: one.points.at(-1)!.box, confidence: one.evidence / one.sightings, lastSeenMs: mediaTimeMs }))];
      followed = [...confirming.filter((one) => !still.includes(one)).map(forgetPoints), ...started];
      return frame;
    },
    remembered: () => followed.length,
  };
}

function matchSightings(
  expected: readonly Followed[],
  detections: readonly Detection[],
  mediaTimeMs: number,
  settings: TrackerSettings,
): Readonly<{ updated: readonly Followed[]; unused: readonly Sighting[] }> {
  const boxes = detections.map((detection) => detection.box);
  const sightings = detections
    .filter((detection) => detection.confidence >= settings.weakConfidence)
    .map((detection) =>
      sightingOf(detection, coveredShare(detection.box, boxes), settings.aspectRatio),
    );
  const strong = sightings.filter((one) => one.detection.confidence >= settings.strongConfidence);
  const sure = expected.filter((one) => one.confirmed);
  const first = pairUp(sure, strong, mediaTimeMs, settings, settings.firstCost);
  const used = new Set(first.values());
  const young = pairUp(expected.filter((one) => !one.confirmed), strong.filter((one) => !used.has(one)), mediaTimeMs, settings, settings.youngCost);
  for (const [one, sighting] of young) { first.set(one, sighting); used.add(sighting); }
  const left = expected.filter((one) => !first.has(one) && isRecent(one, mediaTimeMs));
  const rest = sightings.filter((one) => !used.has(one) && ![...used].some((u) => iou(u.detection.box, one.detection.box) > settings.dupIou));
  const second = pairUp(left, rest, mediaTimeMs, settings, settings.secondCost);
  for (const sighting of second.values()) used.add(sighting);
  return {
    updated: expected.map((one) => {
      const sighting = first.get(one) ?? second.get(one);
      return sighting === undefined ? one : seeAgain(one, sighting, mediaTimeMs);
    }),
    unused: rest.filter(
      (one) => !used.has(one) && one.detection.confidence >= settings.startConfidence,
    ),
  };
}

function pairUp(
  tracks: readonly Followed[],
  sightings: readonly Sighting[],
  mediaTimeMs: number,
  settings: TrackerSettings,
  greatestCost: number,
): Map<Followed, Sighting> {
  const expected = tracks.map((one) => expectedOf(one, mediaTimeMs, settings));
  const seen = sightings.map(({ detection, stance }) => ({
    stance,
    box: detection.box,
    appearance: detection.appearance,
  }));
  const pairs = new Map<Followed, Sighting>();
  for (const [row, column] of associate(expected, seen, greatestCost)) {
    const track = tracks[row];
    const sighting = sightings[column];
    if (track !== undefined && sighting !== undefined) pairs.set(track, sighting);
  }
  return pairs;
}

function expectedOf(one: Followed, mediaTimeMs: number, settings: TrackerSettings): Expected {
  const unseenSeconds = (mediaTimeMs - one.lastSeenMs) / 1000;
  return {
    stance: stanceFrom(one.motion),
    box: predictedBox(one, settings.aspectRatio),
    reachHeights: Math.min(
      settings.greatestReachHeights,
      settings.reachHeights + settings.reachPace * unseenSeconds,
    ),
    appearance: one.appearance,
    dev: Math.sqrt((one.motion.footX.variance + one.motion.footY.variance) / 2) / one.motion.height.value + weights.noise,
  };
}

function isRecent(one: Followed, mediaTimeMs: number): boolean {
  return mediaTimeMs - one.lastSeenMs <= weights.recent;
}

function hideBehind(
  tracks: readonly Followed[],
  mediaTimeMs: number,
  settings: TrackerSettings,
): readonly Followed[] {
  const boxes = tracks
    .filter((one) => one.lastSeenMs === mediaTimeMs)
    .map((one) => predictedBox(one, settings.aspectRatio));
  return tracks.map((one) =>
    one.lastSeenMs === mediaTimeMs
      ? one
      : {
          ...one,
          hidden: coveredShare(predictedBox(one, settings.aspectRatio), boxes) > 0.4,
        },
  );
}

function isAlive(one: Followed, mediaTimeMs: number, settings: TrackerSettings): boolean {
  const unseen = (mediaTimeMs - one.lastSeenMs) / 1000;
  if (!one.confirmed) return unseen <= settings.tentativeGapSeconds;
  const gone = visibleShare(predictedBox(one, settings.aspectRatio)) < 0.7;
  return unseen <= (gone ? settings.lostAtEdgeSeconds : settings.lostSeconds);
}

function confirm(one: Followed, mediaTimeMs: number, settings: TrackerSettings): Followed {
  if (one.confirmed || one.lastSeenMs !== mediaTimeMs) return one;
  const age = (mediaTimeMs - one.firstSeenMs) / 1000;
  const mean = one.evidence / one.sightings;
  const first = stanceOf(one.points[0]!.box, settings.aspectRatio);
  const now = stanceFrom(one.motion);
  const moved = Math.hypot(now.footX - first.footX, now.footY - first.footY) / now.height;
  const sure = age >= settings.confirmSeconds && one.sightings >= 2 && (mean >= settings.sureConfidence || (mean >= settings.movingConfidence && moved >= settings.movedHeights));
  return sure ? { ...one, confirmed: true } : one;
}

function isScenery(one: Followed, mediaTimeMs: number, settings: TrackerSettings): boolean {
  return !one.confirmed && one.lastSeenMs === mediaTimeMs && mediaTimeMs - one.firstSeenMs >= settings.scenerySeconds * 1000;
}

function forgetPoints(one: Followed): Followed {
  return one.confirmed && one.points.length > 0 ? { ...one, points: [] } : one;
}

function report(one: Followed, mediaTimeMs: number, settings: TrackerSettings): Track {
  const earlierPoints = one.points.slice(0, -1);
  return {
    trackId: one.trackId,
    state: one.lastSeenMs === mediaTimeMs ? 'confirmed' : 'lost',
    label: one.label,
    confidence: one.confidence,
    box: predictedBox(one, settings.aspectRatio),
    firstSeenMs: one.firstSeenMs,
    lastSeenMs: one.lastSeenMs,
    ...(earlierPoints.length > 0 ? { earlierPoints } : {}),
  };
}
