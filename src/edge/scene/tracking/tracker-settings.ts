/**
 * What the tracker takes for granted, in seconds and box heights, never in frames or pixels.
 * A standing adult of 1.7 m is one box height; walking is 0.8, running about 2.5 box heights a second.
 */
export type TrackerSettings = Readonly<{
  /** Width of the picture divided by its height; distances are measured in square pixels. */
  aspectRatio: number;
}> &
  TrackerConstants;

export type TrackerConstants = typeof trackerDefaults;

export const trackerDefaults = {
  /** Detections from here on carry on a confirmed track first. */
  strongConfidence: 0.45,
  /** Weaker ones carry on what the strong ones left over (ByteTrack's second association). */
  weakConfidence: 0.15,
  /** What may become a track. Still things that look a little like people live here too and are never confirmed. */
  startConfidence: 0.3,
  /** A track is believed when its detections are this sure on average, ... */
  sureConfidence: 0.55,
  /** ... or a little less and it has walked so far: signs and bushes do not walk. */
  movingConfidence: 0.4,
  movedHeights: 0.5,
  /** A new track has to be seen this long before anything is said about it: flicker does not last. */
  confirmSeconds: 0.35,
  /** A track that is not believed after so long, and has not gone away, is part of the scene. */
  scenerySeconds: 3,
  /** Longest hole in the sightings of a track that is not confirmed yet. */
  tentativeGapSeconds: 0.3,
  /** How long a person may be hidden, behind others or a lamp post, and still be the same track. */
  lostSeconds: 4,
  /** The same at the picture's edge, when the track was heading out: he is gone. */
  lostAtEdgeSeconds: 0.6,
  /** People change their mind: a prediction is not carried further than this. */
  extrapolationSeconds: 1.2,
  /** How far a person may be from where he was expected: noise of the box ... */
  reachHeights: 0.4,
  /** ... and a change of pace since he was last seen, ... */
  reachPace: 0.6,
  /** ... but never farther than this. */
  greatestReachHeights: 1.5,
  /** Worst pair that is believed: of strong detections, and of weak ones. */
  firstCost: 0.7,
  ghostIou: 0.4,
  dupIou: 1,
  youngCost: 0.7,
  secondCost: 0.4,
};
