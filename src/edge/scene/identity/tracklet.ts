/** What is remembered of one track to know its person again: what it looks like, where it began and where it ended. */
import type { Box } from '../../../contract/shape.ts';
import type { Track } from '../tracking/track.ts';
import { type Comparisons, startComparisons } from './comparison.ts';
import { identityConstants as constants } from './identity-settings.ts';
import { type Look, learnLook, likeness } from './look.ts';
import { type LooksOutline, outlineOf } from './looks-outline.ts';
import type { PersonLink } from './person.ts';

export type Place = Readonly<{ box: Box; atMs: number }>;

export type Tracklet = {
  readonly trackId: number;
  readonly label: string;
  personId: number;
  link: PersonLink;
  readonly born: Place;
  lastBox: Box;
  lastSeenMs: number;
  hasEnded: boolean;
  /** None before it was well seen once, and none once it has ended. */
  looks: readonly Look[];
  /** So long it was well seen in all. */
  lookSeconds: number;
  /** When it was last well seen. */
  lookedAtMs: number;
  /** `lookSeconds` when it was last asked who it is. */
  askedAtSeconds: number | undefined;
  /** Its looks once it has ended: they will not change any more. */
  outline: LooksOutline | undefined;
  /** What comparing it with those that have ended has shown; nothing is kept while nobody asks who it is. */
  compared: Comparisons | undefined;
};

export function startTracklet(track: Track): Tracklet {
  const first = track.earlierPoints?.[0];
  return {
    trackId: track.trackId,
    label: track.label,
    personId: track.trackId,
    link: 'same-track',
    born: { box: first?.box ?? track.box, atMs: track.firstSeenMs },
    lastBox: track.box,
    lastSeenMs: track.lastSeenMs,
    hasEnded: false,
    looks: [],
    lookSeconds: 0,
    lookedAtMs: track.firstSeenMs,
    askedAtSeconds: undefined,
    outline: undefined,
    compared: undefined,
  };
}

/**
 * How alike two tracks look; 0 when it is too little to matter. With many people about this is where the time goes: what has
 * been compared with a track that has ended is kept until the one is asked about again.
 */
export function likenessOf(one: Tracklet, other: Tracklet): number {
  if (!other.hasEnded) return likeness(one.looks, other.looks);
  one.compared ??= startComparisons();
  return one.compared.likeness(one.looks, other, one.askedAtSeconds ?? 0);
}

/** Nobody asks who it is any more; it is only compared with others. */
export function endTracklet(tracklet: Tracklet): void {
  tracklet.hasEnded = true;
  tracklet.compared = undefined;
  tracklet.outline = outlineOf(tracklet.looks);
  tracklet.looks = [];
}

export function seeTrack(tracklet: Tracklet, { box, look }: Track, nowMs: number): void {
  tracklet.lastBox = box;
  tracklet.lastSeenMs = nowMs;
  if (look === undefined) return;
  const seconds = Math.min(constants.longestLookSeconds, (nowMs - tracklet.lookedAtMs) / 1000);
  tracklet.lookedAtMs = nowMs;
  tracklet.lookSeconds += seconds;
  tracklet.looks = learnLook(tracklet.looks, look, seconds);
  if (!isOpen(tracklet)) tracklet.compared = undefined;
}

export function isSeen({ lastSeenMs }: Tracklet, nowMs: number): boolean {
  return lastSeenMs === nowMs;
}

/**
 * Not known for sure yet: looked at for a short time, or taken for a new person, which a better look may mend. Nothing can be
 * said before it was well seen once.
 */
export function isOpen({ looks, lookSeconds, link }: Tracklet): boolean {
  if (looks.length === 0 || lookSeconds >= constants.lastAskSeconds) return false;
  return lookSeconds < constants.settleSeconds || link === 'same-track';
}

/** It has been looked at for so much longer than when it was last asked about that the answer may have changed. */
export function isDue({ lookSeconds, askedAtSeconds }: Tracklet): boolean {
  return (
    askedAtSeconds === undefined ||
    lookSeconds >= constants.askGrowth * askedAtSeconds + constants.askSeconds
  );
}
