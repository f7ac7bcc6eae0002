/**
 * A hole in the sightings of a track. When it is found again soon, the way between is taken to have been straight and
 * even: that is where a person hidden by another was, and better than any prediction made before the return was known.
 */
import type { Box } from '../../../contract/shape.ts';
import type { TrackPoint } from './track.ts';
import { trackerConstants as constants } from './tracker-settings.ts';

/** Where it was seen last, and the frames since then. */
export type Gap = Readonly<{ seenBox: Box; seenMs: number; framesMs: readonly number[] }>;

export function startGap(seenBox: Box, seenMs: number): Gap {
  return { seenBox, seenMs, framesMs: [] };
}

/** Frames that can no more be bridged are not kept. */
export function widenGap(gap: Gap, mediaTimeMs: number): Gap {
  if (isTooWide(gap, mediaTimeMs)) return gap;
  return { ...gap, framesMs: [...gap.framesMs, mediaTimeMs] };
}

/** Its places in the frames between, oldest first; none when the gap is too wide to know. */
export function bridge(gap: Gap, box: Box, mediaTimeMs: number): readonly TrackPoint[] {
  if (isTooWide(gap, mediaTimeMs)) return [];
  return gap.framesMs
    .filter((ms) => ms > gap.seenMs && ms < mediaTimeMs)
    .map((ms) => {
      const share = (ms - gap.seenMs) / (mediaTimeMs - gap.seenMs);
      return { mediaTimeMs: ms, box: boxBetween(gap.seenBox, box, share) };
    });
}

function isTooWide({ seenMs }: Gap, mediaTimeMs: number): boolean {
  return mediaTimeMs - seenMs > constants.bridgeSeconds * 1000;
}

function boxBetween(from: Box, to: Box, share: number): Box {
  const mix = (a: number, b: number) => a + share * (b - a);
  return {
    left: mix(from.left, to.left),
    top: mix(from.top, to.top),
    right: mix(from.right, to.right),
    bottom: mix(from.bottom, to.bottom),
  };
}
