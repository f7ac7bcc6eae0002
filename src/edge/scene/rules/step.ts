/** One observed position of a track, as the rules take it: where the feet are, and where they were just before. */
import type { Point } from '../../../contract/shape.ts';
import type { PersonLink } from '../identity/person.ts';
import type { Track } from '../tracking/track.ts';

export type Step = Readonly<{
  track: Track;
  /** Whose step it is, and how sure that is. */
  person: Readonly<{ personId: number; link: PersonLink }>;
  footPoint: Point;
  /** Height of the box, fraction of the picture's height: the unit of a person's distances. */
  boxHeight: number;
  mediaTimeMs: number;
  capturedAtMs: number;
  /** Absent at birth and after a gap too long to be bridged. */
  before?: Readonly<{ footPoint: Point; mediaTimeMs: number }>;
  /** True when the track was seen before, but too long ago for the way between to be known. */
  afterBlindTime: boolean;
}>;

/** Longer without being seen, a track's way is unknown. */
export const longestBridgedMs = 2000;
