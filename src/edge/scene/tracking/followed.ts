/** One object that the tracker follows, from its first sighting on; every step returns a new value. */
import type { Detection } from '../../detector/detection.ts';
import { type AppearanceMemory, learnAppearance } from './appearance.ts';
import {
  type BoxMotion,
  boxOf,
  correctMotion,
  predictMotion,
  type Stance,
  stanceFrom,
  stanceOf,
  startMotion,
} from './box-motion.ts';
import type { TrackPoint } from './track.ts';
import type { TrackerSettings } from './tracker-settings.ts';

export type Followed = Readonly<{
  trackId: number;
  confirmed: boolean;
  label: string;
  confidence: number;
  /** As predicted for, or corrected at, the current frame. */
  motion: BoxMotion;
  appearance: AppearanceMemory | undefined;
  firstSeenMs: number;
  lastSeenMs: number;
  /** Every sighting until it is confirmed; empty from then on. */
  points: readonly TrackPoint[];
  /** Sum of confidences while unconfirmed. */
  evidence: number;
  sightings: number;
  /** When something in front of it was last seen to cover it, or undefined. */
  hidden: boolean;
}>;

/** A sighting with what the picture says about it. */
export type Sighting = Readonly<{
  detection: Detection;
  stance: Stance;
  /** Share of the box (0..1) behind other boxes. */
  covered: number;
}>;

/** Half covered: the box is a guess. */
export const fw={guessed:0.3,trust:0.4,foreign:0.2};

export function startFollowing(trackId: number, sighting: Sighting, mediaTimeMs: number): Followed {
  const { detection, stance } = sighting;
  return {
    trackId,
    confirmed: false,
    label: detection.label,
    confidence: detection.confidence,
    motion: startMotion(stance),
    appearance: learnAppearance(undefined, detection.appearance, 0),
    firstSeenMs: mediaTimeMs,
    lastSeenMs: mediaTimeMs,
    points: [{ mediaTimeMs, box: detection.box }],
    evidence: detection.confidence,
    sightings: 1,
    hidden: false,
  };
}

/** Carries the motion on by `seconds`, but stands still once the prediction is too old to be worth anything. */
export function carryOn(
  followed: Followed,
  seconds: number,
  mediaTimeMs: number,
  settings: TrackerSettings,
): Followed {
  const unseenBefore = (mediaTimeMs - followed.lastSeenMs) / 1000 - seconds;
  const worth = Math.min(seconds, Math.max(0, settings.extrapolationSeconds - unseenBefore));
  return worth > 0 ? { ...followed, motion: predictMotion(followed.motion, worth) } : followed;
}

export function seeAgain(followed: Followed, sighting: Sighting, mediaTimeMs: number): Followed {
  const { detection, stance, covered } = sighting;
  const seconds = (mediaTimeMs - followed.lastSeenMs) / 1000;
  const trust = covered > fw.guessed ? fw.trust : 1;
  return {
    ...followed,
    confidence: detection.confidence,
    motion: correctMotion(followed.motion, stance, trust),
    appearance:
      covered < fw.foreign
        ? learnAppearance(followed.appearance, detection.appearance, seconds)
        : followed.appearance,
    lastSeenMs: mediaTimeMs,
    points: followed.confirmed ? [] : [...followed.points.filter(p=>mediaTimeMs-p.mediaTimeMs<=3000), { mediaTimeMs, box: detection.box }],
    evidence: followed.evidence + detection.confidence,
    sightings: followed.sightings + 1,
    hidden: false,
  };
}

export function predictedBox(followed: Followed, aspectRatio: number) {
  return boxOf(stanceFrom(followed.motion), aspectRatio);
}

export function sightingOf(
  detection: Detection,
  covered: number,
  aspectRatio: number,
): Sighting {
  return { detection, covered, stance: stanceOf(detection.box, aspectRatio) };
}
