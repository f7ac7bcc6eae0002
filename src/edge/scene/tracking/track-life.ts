/** When an object is believed, given up, or found to be part of the scene. All of it in seconds. */
import { iou } from '../../geometry/iou.ts';
import { stanceIn, stanceOf } from './box-motion.ts';
import { type Followed, isConfirmed, unseenSeconds } from './followed.ts';
import { visibleShare } from './occlusion.ts';
import { trackerConstants as constants } from './tracker-settings.ts';

/** Before anything is matched: missing for too long to be the same one, as after a break of the picture. */
export function isTooOld(one: Followed, mediaTimeMs: number): boolean {
  const atEdge = visibleShare(one.box) < constants.edgeShare;
  const patience = atEdge ? constants.lostAtEdgeSeconds : constants.lostSeconds;
  return unseenSeconds(one, mediaTimeMs) > patience;
}

/** After matching: a young track that did not come again was flicker. */
export function isFlicker(one: Followed, mediaTimeMs: number): boolean {
  return !isConfirmed(one) && unseenSeconds(one, mediaTimeMs) > constants.tentativeGapSeconds;
}

export function deservesConfirmation(
  one: Followed,
  mediaTimeMs: number,
  aspectRatio: number,
): boolean {
  if (isConfirmed(one) || one.lastSeenMs !== mediaTimeMs) return false;
  if (mediaTimeMs - one.firstSeenMs < constants.confirmSeconds * 1000) return false;
  const confidence = one.confidenceSum / one.sightings;
  if (confidence >= constants.sureConfidence) return true;
  return (
    confidence >= constants.movingConfidence &&
    movedHeights(one, aspectRatio) >= constants.movedHeights
  );
}

/** Two boxes of one object: the second begins its time over for as long as they lie on each other. */
export function isDouble(one: Followed, confirmed: readonly Followed[]): boolean {
  return confirmed.some(
    (other) => other !== one && iou(one.box, other.box) > constants.doubleOverlap,
  );
}

export function beginAgain(one: Followed, mediaTimeMs: number): Followed {
  return {
    ...one,
    firstSeenMs: mediaTimeMs,
    sightings: 1,
    confidenceSum: one.confidence,
    points: one.points.slice(-1),
  };
}

/** Seen for long at one place and never believed. */
export function isScenery(one: Followed, mediaTimeMs: number): boolean {
  const age = mediaTimeMs - one.firstSeenMs;
  return (
    !isConfirmed(one) && one.lastSeenMs === mediaTimeMs && age >= constants.scenerySeconds * 1000
  );
}

function movedHeights(one: Followed, aspectRatio: number): number {
  const now = stanceIn(one.motion);
  const first = one.points[0];
  if (first === undefined) return 0;
  const then = stanceOf(first.box, aspectRatio);
  return Math.hypot(now.footX - then.footX, now.footY - then.footY) / now.height;
}
