/** One object that the tracker follows, from its first sighting on; every step returns a new value. */
import type { Box } from '../../../contract/shape.ts';
import type { Detection } from '../../detector/detection.ts';
import { type AppearanceMemory, learnAppearance } from './appearance.ts';
import {
  type BoxMotion,
  boxOf,
  correctMotion,
  predictMotion,
  type Stance,
  stanceIn,
  startMotion,
} from './box-motion.ts';
import { bridge, type Gap, startGap, widenGap } from './gap.ts';
import type { Track, TrackPoint } from './track.ts';
import { trackerConstants as constants } from './tracker-settings.ts';

export type Followed = Readonly<{
  /** Given with the confirmation; undefined before. */
  trackId: number | undefined;
  label: string;
  confidence: number;
  /** As predicted for, or corrected at, the current frame. */
  motion: BoxMotion;
  box: Box;
  appearance: AppearanceMemory | undefined;
  /** Of the newest sighting, when it was free to be seen. */
  look: Float32Array | undefined;
  firstSeenMs: number;
  lastSeenMs: number;
  /** Of every sighting before the confirmation: how many, and how sure in sum. */
  sightings: number;
  confidenceSum: number;
  /** Places that have not been told yet: before the confirmation those of the last seconds, later those of a gap. */
  points: readonly TrackPoint[];
  gap: Gap;
}>;

/** A detection with what the picture says about it. */
export type Sighting = Readonly<{
  detection: Detection;
  stance: Stance;
  /** Share of the box (0..1) behind another box. */
  covered: number;
}>;

export function startFollowing({ detection, stance }: Sighting, mediaTimeMs: number): Followed {
  const { box, label, confidence } = detection;
  return {
    trackId: undefined,
    label,
    confidence,
    motion: startMotion(stance),
    box,
    appearance: learnAppearance(undefined, detection.appearance, 0),
    look: undefined,
    firstSeenMs: mediaTimeMs,
    lastSeenMs: mediaTimeMs,
    sightings: 1,
    confidenceSum: confidence,
    points: [{ mediaTimeMs, box }],
    gap: startGap(box, mediaTimeMs),
  };
}

/** Carries the motion on by `seconds`, but stands still once the prediction is too old to be worth anything. */
export function carryOn(
  one: Followed,
  seconds: number,
  mediaTimeMs: number,
  aspectRatio: number,
): Followed {
  const unseenBefore = unseenSeconds(one, mediaTimeMs) - seconds;
  const worth = Math.min(seconds, constants.extrapolationSeconds - unseenBefore);
  const waiting = { ...one, gap: widenGap(one.gap, mediaTimeMs) };
  if (worth <= 0) return waiting;
  const motion = predictMotion(one.motion, worth);
  return { ...waiting, motion, box: boxOf(stanceIn(motion), aspectRatio) };
}

export function seeAgain(
  one: Followed,
  { detection, stance, covered }: Sighting,
  mediaTimeMs: number,
  aspectRatio: number,
): Followed {
  const trust =
    Math.sqrt(Math.min(1, detection.confidence / constants.fullTrustConfidence)) *
    (covered > constants.coveredShare ? constants.coveredTrust : 1);
  const motion = correctMotion(one.motion, stance, trust);
  const vector = covered < constants.foreignShare ? detection.appearance : undefined;
  const box = boxOf(stanceIn(motion), aspectRatio);
  const seen = {
    ...one,
    motion,
    box,
    gap: startGap(box, mediaTimeMs),
    confidence: detection.confidence,
    appearance: learnAppearance(one.appearance, vector, unseenSeconds(one, mediaTimeMs)),
    look: isCut(detection.box) ? undefined : vector,
    lastSeenMs: mediaTimeMs,
  };
  const between = bridge(one.gap, box, mediaTimeMs);
  if (isConfirmed(one)) return { ...seen, points: [...between, { mediaTimeMs, box }] };
  const keptFromMs = mediaTimeMs - constants.pointSeconds * 1000;
  const kept = one.points.filter((point) => point.mediaTimeMs >= keptFromMs);
  return {
    ...seen,
    sightings: one.sightings + 1,
    confidenceSum: one.confidenceSum + detection.confidence,
    points: [...kept, ...between, { mediaTimeMs, box: detection.box }],
  };
}

/** What the rules are told; the path so far goes with it and is forgotten then. */
export function trackOf(one: Followed & { trackId: number }, mediaTimeMs: number): Track {
  const earlierPoints = one.points.slice(0, -1);
  return {
    trackId: one.trackId,
    state: one.lastSeenMs === mediaTimeMs ? 'confirmed' : 'lost',
    label: one.label,
    confidence: one.confidence,
    box: one.box,
    firstSeenMs: one.firstSeenMs,
    lastSeenMs: one.lastSeenMs,
    ...(earlierPoints.length > 0 ? { earlierPoints } : {}),
    ...(one.look === undefined || one.lastSeenMs !== mediaTimeMs ? {} : { look: one.look }),
  };
}

/** Where the picture cuts a body, its parts are not where they are taken to be. */
function isCut({ left, top, right, bottom }: Box): boolean {
  return Math.min(left, top, 1 - right, 1 - bottom) < constants.edgeMargin;
}

export function isConfirmed(one: Followed): one is Followed & { trackId: number } {
  return one.trackId !== undefined;
}

export function unseenSeconds(one: Followed, mediaTimeMs: number): number {
  return (mediaTimeMs - one.lastSeenMs) / 1000;
}
