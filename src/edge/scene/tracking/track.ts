/** A track: one object followed from frame to frame. */
import type { Box } from '../../../contract/shape.ts';

/** Where a track was at one moment. */
export type TrackPoint = Readonly<{ mediaTimeMs: number; box: Box }>;

/**
 * `confirmed` tracks alone reach the rules; a `lost` one was not seen in this frame and its box is predicted.
 * Times are media times in milliseconds.
 */
export type Track = Readonly<{
  trackId: number;
  state: 'confirmed' | 'lost';
  label: string;
  /** Of the newest detection. */
  confidence: number;
  box: Box;
  /** When the first detection of this track was made (before it was confirmed). */
  firstSeenMs: number;
  lastSeenMs: number;
  /**
   * Only in the frame that confirms the track: where it was seen before, oldest first, so that a path
   * that began beside a wire is not cut off. And in the frame in which it is found again after a short
   * gap: where it must have been in the frames between, on the straight way.
   */
  earlierPoints?: readonly TrackPoint[];
  /** Appearance vector of this frame's sighting, when nobody stood in front and the picture's edge did not cut it. */
  look?: Float32Array;
}>;

/** What tracking says about one frame. */
export type TrackedFrame = Readonly<{
  mediaTimeMs: number;
  capturedAtMs: number;
  tracks: readonly Track[];
  /** Tracks that have been given up since the frame before; whatever is remembered about them can be forgotten. */
  endedTrackIds: readonly number[];
}>;
