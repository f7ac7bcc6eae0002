/**
 * One observed position of a track, as the rules take it: where the feet are, and where they were just before. Rules are
 * shown a glimpse, which is a view that is changed in place: a day of one camera has more than a million of them. What a
 * rule wants to keep is a step.
 */
import type { Box, Point } from '../../../contract/shape.ts';
import type { PersonLink } from '../identity/person.ts';
import type { Track } from '../tracking/track.ts';

/** Valid until the next frame. */
export type Glimpse = Readonly<{
  trackId: number;
  label: string;
  confidence: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
  /** Where the feet are. */
  x: number;
  y: number;
  /** Height of the box, fraction of the picture's height: the unit of a person's distances. */
  boxHeight: number;
  mediaTimeMs: number;
  capturedAtMs: number;
  /** Whether it is known where the feet were just before: not at birth, nor after a gap too long to be bridged. */
  isBridged: boolean;
  /** Where they were; of no meaning without `isBridged`. */
  beforeX: number;
  beforeY: number;
  beforeMs: number;
  /** True when the track was seen before, but too long ago for the way between to be known. */
  afterBlindTime: boolean;
  /** The same to keep. */
  step: () => Step;
}>;

export type Step = Readonly<{
  track: Pick<Track, 'trackId' | 'label' | 'confidence'>;
  /** Whose step it is, and how sure that is. */
  person: Readonly<{ personId: number; link: PersonLink }>;
  /** Of this step; in the frame that confirms a track the steps before it have boxes of their own. */
  box: Box;
  footPoint: Point;
  boxHeight: number;
  /** Means of about the last second: one bad box decides nothing. */
  usual: Readonly<{ confidence: number; boxHeight: number }>;
  mediaTimeMs: number;
  capturedAtMs: number;
}>;

/** Longer without being seen, a track's way is unknown. */
export const longestBridgedMs = 2000;
