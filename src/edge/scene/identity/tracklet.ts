/** What is remembered of one track to know its person again: what it looks like, where it began and where it ended. */
import type { Box } from '../../../contract/shape.ts';
import type { Track } from '../tracking/track.ts';
import { identityConstants as constants } from './identity-settings.ts';
import { type Look, learnLook, likeness } from './look.ts';
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
  /** None before it was well seen once. */
  looks: readonly Look[];
  /** So long it was well seen in all. */
  lookSeconds: number;
  /** When it was last well seen. */
  lookedAtMs: number;
  /** `lookSeconds` when it was last asked who it is. */
  askedAtSeconds: number | undefined;
  /** How alike others that have ended looked when they were compared, by their track, with `lookSeconds` of that time. */
  readonly compared: Map<number, Readonly<{ atSeconds: number; similarity: number }>>;
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
    compared: new Map(),
  };
}

/**
 * How alike two tracks look. What has been compared is kept while neither has changed: with many people about, this is
 * where the time goes.
 */
export function likenessOf(one: Tracklet, other: Tracklet): number {
  const known = one.compared.get(other.trackId);
  if (other.hasEnded && known?.atSeconds === one.lookSeconds) return known.similarity;
  const similarity = likeness(one.looks, other.looks);
  if (other.hasEnded) one.compared.set(other.trackId, { atSeconds: one.lookSeconds, similarity });
  return similarity;
}

export function seeTrack(tracklet: Tracklet, { box, look }: Track, nowMs: number): void {
  tracklet.lastBox = box;
  tracklet.lastSeenMs = nowMs;
  if (look === undefined) return;
  const seconds = Math.min(constants.longestLookSeconds, (nowMs - tracklet.lookedAtMs) / 1000);
  tracklet.lookedAtMs = nowMs;
  tracklet.lookSeconds += seconds;
  tracklet.looks = learnLook(tracklet.looks, look, seconds);
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
