/**
 * What the tracker takes for granted, in seconds and box heights, never in frames or pixels.
 * A standing adult is one box height tall; walking is 0.8, running about 2.5 box heights a second.
 */
export const trackerConstants = {
  /** Detections from here on carry on tracks first. */
  strongConfidence: 0.5,
  /** Weaker ones carry on what the strong ones left over (ByteTrack's second association). */
  weakConfidence: 0.15,
  /** What may become a track. Still things that look a little like people live here too. */
  startConfidence: 0.3,
  /** A track is believed when its detections are this sure on average, ... */
  sureConfidence: 0.55,
  /** ... or a little less and it has walked so far within `pointSeconds`: signs and bushes do not walk. */
  movingConfidence: 0.48,
  movedHeights: 0.5,
  /** It has to be seen this long before anything is said about it: flicker does not last. */
  confirmSeconds: 0.35,
  /** How much of the path before its confirmation is kept. */
  pointSeconds: 3,
  /** A track that is not believed after so long, and has not gone away, is part of the scene. */
  scenerySeconds: 3,
  /** Longest hole in the sightings of a track that is not confirmed yet. */
  tentativeGapSeconds: 0.5,
  /** How long a person may be hidden, behind others or a lamp post, and still be the same track. */
  lostSeconds: 5,
  /** The same at the picture's edge, when the prediction has left it: that person is gone. */
  lostAtEdgeSeconds: 0.6,
  /** Less of the predicted box than this within the picture means at the edge. */
  edgeShare: 0.7,
  /** People change their mind: a prediction is not carried further than this. */
  extrapolationSeconds: 1.5,
  /** Sightings as sure as this on average are enough where a lost track is expected, at such a cost at most. */
  resumeConfidence: 0.4,
  resumeCost: 0.5,
  /** A gap up to this long is filled in once the track is found again; the rules bridge as much. */
  bridgeSeconds: 2,
  /** A weak detection is too little to bring back what has been missing for longer. */
  weakGapSeconds: 0.6,
  /** How far from where it was expected an object may be: noise of the box ... */
  reachHeights: 0.4,
  /** ... and a change of pace since it was last seen, ... */
  reachPace: 0.5,
  /** ... but never farther than this. */
  greatestReachHeights: 1.5,
  /** What the filter does not know about, like a box that takes in a bag, in box heights. */
  strayHeights: 0.1,
  /** Worst pair that is believed: with strong detections, and with weak ones. */
  strongCost: 0.65,
  weakCost: 0.3,
  /** Boxes that overlap more than this are two of one object: a second track is not begun on it. */
  doubleOverlap: 0.4,
  /** The same for a weak detection beside a strong one. */
  weakDoubleOverlap: 0.5,
  /** A box this near to the picture's edge, as a share of the picture, is cut by it. */
  edgeMargin: 0.004,
  /** What stands in front has to be this sure to hide anything: weak second boxes of the same person do not. */
  coverConfidence: 0.45,
  /** Covered more than this, a box is half a guess ... */
  coveredShare: 0.4,
  /** Surer than this, a box is as good as boxes get; less sure ones are trusted by the root of their share of it. */
  fullTrustConfidence: 0.6,
  /** ... and is trusted so much; ... */
  coveredTrust: 0.7,
  /** ... with more cover than this its appearance is that of the one in front. */
  foreignShare: 0.2,
} as const;

/** How boxes move and how they are measured, in box heights. */
export const motionConstants = {
  /** Standard deviations of a detected box. */
  measuredFootX: 0.04,
  /** The lower end is less sure than the sides: shadows, bags, legs behind something. */
  measuredFootY: 0.1,
  /** Arms and strides. */
  measuredWidth: 0.1,
  measuredHeight: 0.1,
  /** A walker's pace a second, which a first sighting does not show. */
  firstPace: 0.8,
  /** From standing to walking within a second, per second squared. */
  acceleration: 1.1,
  /** Boxes grow and shrink slowly, by walking towards the camera or by turning. */
  growth: 0.25,
  /** A measurement this many deviations off is taken for a bad one, and weighs less the farther off it is. */
  believedDeviations: 2,
} as const;

/** What a pair of track and detection costs. */
export const costConstants = {
  /** A person bent, or half hidden, still has more than half of the height. */
  leastHeightRatio: 0.4,
  /** Deviations at which the distance has told all it can. */
  farDeviations: 4,
  /** Overlap and distance tell much the same near by; distance goes on where overlap ends. */
  overlapWeight: 0.5,
  distanceWeight: 0.5,
  heightWeight: 0.2,
  appearanceWeight: 0.7,
  /** Cosine similarities of people in one picture lie between this and 1; below is surely another. */
  leastSimilarity: 0.5,
  /** Light and pose change over seconds: so long is remembered what a track looks like. */
  lookSeconds: 1,
} as const;
