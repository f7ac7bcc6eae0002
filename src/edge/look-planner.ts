/**
 * Decides for each frame of a camera whether the detector looks at it. A person must never be hidden: whatever moves and
 * is not one of the known tracks is looked at, known tracks are looked at as soon as the scene wants it, and every few
 * seconds there is a look all the same. Motion in which a look has found nobody is looked at again, but less often. Pure but for the time of the last look.
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
/** The same where for so long nothing at all has moved and nobody was followed: to be overlooked there takes more luck. */
const emptyAfterMs = 15_000;
const emptyKeepAliveMs = 5000;
/** Frames come a little early or late; one that is nearly due is taken. */
const slackMs = 30;
/** How far motion may reach beyond the box of a track that makes it: strides, shadows, half a second of walking. */
const reachHeights = 0.5;
/** Motion that a look has found nobody in, such as a tree's, is looked at again after so long. */
const inVainMs = 400;
/** What sways does so within this share of the picture. */
const swayShare = 0.02;
/** Places of a region, across and down, that have to lie within the reach of tracks; few of them may not. */
const samples = 5;
const mostOutside = 2;

export function createLookPlanner(): LookPlanner {
  let lastLookMs = Number.NEGATIVE_INFINITY;
  /** Where something moved at the last look. */
  let looked: readonly Box[] = [];
  /** When something moved or somebody was followed last; at first, when the first frame came. */
  let busyAtMs: number | undefined;
  return {
    wantsLook: (situation) => {
      const { mediaTimeMs, motion, trackBoxes } = situation;
      if (motion.isMoving || trackBoxes.length > 0) busyAtMs = mediaTimeMs;
      busyAtMs ??= mediaTimeMs;
      const isEmpty = mediaTimeMs - busyAtMs >= emptyAfterMs;
      const sinceMs = mediaTimeMs - lastLookMs;
      const isKeptAlive = sinceMs + slackMs < (isEmpty ? emptyKeepAliveMs : keepAliveMs);
      if (isKeptAlive && !isDue(situation, sinceMs, looked)) return false;
      lastLookMs = mediaTimeMs;
      looked = motion.regions.map((region) => widened(region, swayShare));
      return true;
    },
  };
}

function isDue(
  { motion, trackBoxes, dueWithinMs }: Situation,
  sinceMs: number,
  looked: readonly Box[],
): boolean {
  if (trackBoxes.length > 0 && sinceMs + slackMs >= dueWithinMs) return true;
  const reaches = trackBoxes.map(reachOf);
  const unexplained = motion.regions.filter((region) => !isWithin(region, reaches));
  if (unexplained.length === 0) return false;
  // The tracks are those after the last look: what moved there then, and is none of them, was nobody.
  return sinceMs + slackMs >= inVainMs || unexplained.some((region) => !isWithin(region, looked));
}

function reachOf(box: Box): Box {
  return widened(box, (box.bottom - box.top) * reachHeights);
}

function widened({ left, top, right, bottom }: Box, by: number): Box {
  return { left: left - by, top: top - by, right: right + by, bottom: bottom + by };
}

/** People who walk together move as one region: it is theirs when nearly all of it lies in the reach of one or the other. */
function isWithin({ left, top, right, bottom }: Box, reaches: readonly Box[]): boolean {
  let outside = 0;
  for (let row = 0; row < samples; row += 1) {
    for (let column = 0; column < samples; column += 1) {
      const x = left + ((right - left) * column) / (samples - 1);
      const y = top + ((bottom - top) * row) / (samples - 1);
      if (
        !reaches.some((one) => x >= one.left && x <= one.right && y >= one.top && y <= one.bottom)
      )
        outside += 1;
    }
  }
  return outside <= mostOutside;
}
