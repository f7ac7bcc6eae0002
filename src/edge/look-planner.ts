/**
 * Decides for each frame of a camera whether the detector looks at it. A person must never be hidden: whatever moves and
 * is not one of the known tracks is looked at, known tracks are looked at as soon as the scene wants it, and every few
 * seconds there is a look all the same. Pure but for the time of the last look.
 */
import type { Box } from '../contract/shape.ts';
import type { Motion } from './detector/motion-gate.ts';

export type LookPlanner = Readonly<{
  /** True when this frame is to be looked at; the planner then takes it as done. */
  wantsLook: (situation: Situation) => boolean;
}>;

export type Situation = Readonly<{
  mediaTimeMs: number;
  motion: Motion;
  /** Boxes of the tracks after the last look. */
  trackBoxes: readonly Box[];
  /** What the scene said after the last look: the next is due within so long. */
  dueWithinMs: number;
}>;

/** What no motion gave away is found by then. */
const keepAliveMs = 3000;
/** Frames come a little early or late; one that is nearly due is taken. */
const slackMs = 30;
/** How far motion may reach beyond the box of a track that makes it: strides, shadows, half a second of walking. */
const reachHeights = 0.5;

export function createLookPlanner(): LookPlanner {
  let lastLookMs = Number.NEGATIVE_INFINITY;
  return {
    wantsLook: (situation) => {
      const { mediaTimeMs } = situation;
      const sinceMs = mediaTimeMs - lastLookMs;
      if (sinceMs + slackMs < keepAliveMs && !isDue(situation, sinceMs)) return false;
      lastLookMs = mediaTimeMs;
      return true;
    },
  };
}

function isDue({ motion, trackBoxes, dueWithinMs }: Situation, sinceMs: number): boolean {
  if (trackBoxes.length > 0 && sinceMs + slackMs >= dueWithinMs) return true;
  return motion.regions.some((region) => !trackBoxes.some((box) => explains(box, region)));
}

/** True when the motion lies within the reach of the track. */
function explains(box: Box, region: Box): boolean {
  const reach = (box.bottom - box.top) * reachHeights;
  return (
    region.left >= box.left - reach &&
    region.right <= box.right + reach &&
    region.top >= box.top - reach &&
    region.bottom <= box.bottom + reach
  );
}
