/**
 * Follows objects from frame to frame: Kalman filter on the box in real time, association in two stages, strong
 * detections first and then weak ones for the tracks that are left (Zhang et al., ByteTrack, ECCV 2022,
 * https://arxiv.org/abs/2110.06864), with foot distance, overlap, height and appearance in the cost.
 * Pure: time comes with the detections.
 */
import type { Detection } from '../../detector/detection.ts';
import { confirmYoung } from './confirmation.ts';
import {
  carryOn,
  type Followed,
  isConfirmed,
  seeAgain,
  startFollowing,
  trackOf,
} from './followed.ts';
import { match, sightingsOf } from './matching.ts';
import { addScenery, type SceneryThing, takeOutScenery } from './scenery.ts';
import type { TrackedFrame } from './track.ts';
import { isFlicker, isScenery, isTooOld } from './track-life.ts';

export type TrackerSettings = Readonly<{
  /** Width of the picture divided by its height; distances are measured in square pixels. */
  aspectRatio: number;
}>;

export type Tracker = Readonly<{
  /** Frames come in order; `mediaTimeMs` never goes back. */
  observe: (
    detections: readonly Detection[],
    mediaTimeMs: number,
    capturedAtMs: number,
  ) => TrackedFrame;
  /** How many objects and things are remembered. */
  remembered: () => number;
}>;

export function createTracker({ aspectRatio }: TrackerSettings): Tracker {
  let followed: readonly Followed[] = [];
  let things: readonly SceneryThing[] = [];
  let lastTrackId = 0;
  let previousMs: number | undefined;

  const newTrackId = () => {
    lastTrackId += 1;
    return lastTrackId;
  };

  return {
    observe: (detections, mediaTimeMs, capturedAtMs) => {
      const seconds = Math.max(0, mediaTimeMs - (previousMs ?? mediaTimeMs)) / 1000;
      previousMs = mediaTimeMs;
      const frame = takeOutScenery(things, detections, mediaTimeMs);
      const predicted = followed.map((one) => carryOn(one, seconds, mediaTimeMs, aspectRatio));
      const expected = predicted.filter((one) => !isTooOld(one, mediaTimeMs));
      const sightings = sightingsOf(frame.others, aspectRatio);
      const { matched, unclaimed } = match(expected, sightings, mediaTimeMs);
      const seen = expected.map((one) => {
        const sighting = matched.get(one);
        return sighting === undefined ? one : seeAgain(one, sighting, mediaTimeMs, aspectRatio);
      });
      const staying = seen.filter((one) => !isFlicker(one, mediaTimeMs));
      const alive = confirmYoung(staying, { nowMs: mediaTimeMs, aspectRatio, newTrackId });
      const still = alive.filter((one) => isScenery(one, mediaTimeMs));
      things = addScenery(frame.things, still.map(thingOf));
      followed = [
        ...alive.filter((one) => !still.includes(one)).map(forgetPath),
        ...unclaimed.map((sighting) => startFollowing(sighting, mediaTimeMs)),
      ];
      return {
        mediaTimeMs,
        capturedAtMs,
        tracks: alive.filter(isConfirmed).map((one) => trackOf(one, mediaTimeMs)),
        endedTrackIds: predicted
          .filter((one) => isTooOld(one, mediaTimeMs))
          .flatMap((one) => (isConfirmed(one) ? [one.trackId] : [])),
      };
    },
    remembered: () => followed.length + things.length,
  };
}

/** The path so far has been told. */
function forgetPath(one: Followed): Followed {
  return isConfirmed(one) && one.points.length > 0 ? { ...one, points: [] } : one;
}

function thingOf(one: Followed): SceneryThing {
  const { label, box, lastSeenMs } = one;
  return { label, box, lastSeenMs, confidence: one.confidenceSum / one.sightings };
}
