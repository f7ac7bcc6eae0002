/** What is remembered of one track to know its person again: what it looks like, where it began and where it ended. */
import type { Box } from '../../../contract/shape.ts';
import type { Track } from '../tracking/track.ts';
import { identityConstants as constants } from './identity-settings.ts';
import { type Look, learnLook } from './look.ts';
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
  };
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
  return looks.length > 0 && (lookSeconds < constants.settleSeconds || link === 'same-track');
}

/** It has been looked at for so much longer than when it was last asked about that the answer may have changed. */
export function isDue({ lookSeconds, askedAtSeconds }: Tracklet): boolean {
  return (
    askedAtSeconds === undefined ||
    lookSeconds >= constants.askGrowth * askedAtSeconds + constants.askSeconds
  );
}
