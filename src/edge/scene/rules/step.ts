/** One observed position of a track, as the rules take it: where the feet are, and where they were just before. */
import type { Point } from '../../../contract/shape.ts';
import type { PersonLink } from '../identity/person.ts';
import type { Track, TrackPoint } from '../tracking/track.ts';

export type Step = Readonly<{
  track: Track;
  /** Whose step it is, and how sure that is. */
  person: Readonly<{ personId: number; link: PersonLink }>;
  /** Of this step; in the frame that confirms a track the steps before it have boxes of their own. */
  box: TrackPoint['box'];
  footPoint: Point;
  /** Height of the box, fraction of the picture's height: the unit of a person's distances. */
  boxHeight: number;
  /** Means of about the last second: one bad box decides nothing. */
  usual: Readonly<{ confidence: number; boxHeight: number }>;
  mediaTimeMs: number;
  capturedAtMs: number;
  /** Absent at birth and after a gap too long to be bridged. */
  before?: Place;
  /** True when the track was seen before, but too long ago for the way between to be known. */
  afterBlindTime: boolean;
}>;

export type Place = Readonly<{ footPoint: Point; mediaTimeMs: number }>;

/** Longer without being seen, a track's way is unknown. */
export const longestBridgedMs = 2000;
