/** What identity takes for granted, in seconds, box heights and cosines. */
export const identityConstants = {
  /** The window of three passes, and a minute for a track that goes on while it closes. */
  memorySeconds: 660,
  /** Who has gone is compared with whoever comes: a busy lane sees two hundred in ten minutes. */
  mostPersons: 200,
  /** With all their looks some 5 MB. */
  mostTracklets: 300,
  /** How long a track has to be well seen before its answer stands. */
  settleSeconds: 4,
  /** Whoever has not been known after a minute of being well seen is new here. */
  lastAskSeconds: 60,
  /** It is asked again after so much more of being well seen: ever more seldom, as less and less changes. */
  askSeconds: 0.3,
  askGrowth: 1.2,
  /** Sightings farther apart than this count for no more: a track seen seldom is not known well. */
  longestLookSeconds: 0.5,
  /** So much of being well seen makes one look; turning round takes about as long. */
  lookSpanSeconds: 2,
  mostLooks: 6,
  /** Cosine of two people who have nothing in common but being people. */
  strangerSimilarity: 0.6,
  /** Scores are similarities on the way from a stranger to oneself, lessened by an unlikely way. */
  probableScore: 0.5,
  certainScore: 0.7,
  /** How far the next best person has to be behind: for a link at all, and for a certain one. */
  leastLead: 0.04,
  certainLead: 0.1,
  /** Share of pairs of different people here that look as alike: more, and looks tell nobody apart. */
  probableAlike: 0.25,
  certainAlike: 0.05,
  /** Box heights within which somebody stands at the picture's edge. */
  edgeHeights: 0.4,
  /** Running is 2.5 box heights a second, walking 1; boxes are off by one at most. */
  runningPace: 2.5,
  walkingPace: 1.2,
  strayHeights: 1,
  /** Whoever vanished behind something comes out near it. */
  hiddenHeights: 4,
  /** How likely are the ways between, beside out and in over the same side of the picture. */
  otherSide: 0.85,
  throughDoor: 0.75,
  edgeToInside: 0.75,
} as const;
