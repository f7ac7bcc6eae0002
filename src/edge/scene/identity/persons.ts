/**
 * Who the tracks are. A track that comes up is compared with the persons who have gone: by what they look like, and by
 * whether they can have come from where and when they were last seen to where it began. All that came up together are
 * assigned together. Looking on while a track is young makes the answer better; after some seconds of being well seen it
 * stands. Nobody is in two places at once: who is in the picture, or was while the track was there, is not compared, and
 * a link that turns out to put somebody in two places is undone.
 * Everything is forgotten when the longest window of a rule has passed. Person ids are those of their first track.
 */
import type { TrackedFrame } from '../tracking/track.ts';
import { identityConstants as constants } from './identity-settings.ts';
import { findLinks } from './linking.ts';
import { createLookAlikes } from './look-alikes.ts';
import type { Identity } from './person.ts';
import {
  endTracklet,
  isDue,
  isOpen,
  isSeen,
  seeTrack,
  startTracklet,
  type Tracklet,
} from './tracklet.ts';

/** Going through all that is remembered for every frame would be a waste. */
const forgetEveryMs = 1000;

/** Without identification every track is a person of its own, and nothing is remembered. */
export function createStrangers(): Identity {
  return {
    personOf: (trackId) => ({ personId: trackId, link: 'same-track' }),
    observe: () => undefined,
    remembered: () => 0,
  };
}

/** `aspectRatio`: width of the picture divided by its height. */
export function createPersons({ aspectRatio }: Readonly<{ aspectRatio: number }>): Identity {
  const tracklets = new Map<number, Tracklet>();
  const lookAlikes = createLookAlikes();
  let forgotAtMs = Number.NEGATIVE_INFINITY;

  return {
    personOf: (trackId) => {
      const known = tracklets.get(trackId);
      if (known === undefined) return { personId: trackId, link: 'same-track' };
      return { personId: known.personId, link: known.link };
    },
    observe: (frame) => {
      take(frame, tracklets);
      const all = [...tracklets.values()];
      const present = all.filter((one) => isSeen(one, frame.mediaTimeMs));
      lookAlikes.see(present, frame.mediaTimeMs);
      undoDoubles(present);
      const open = present.filter(isOpen);
      if (open.some(isDue)) link(open, all, frame.mediaTimeMs);
      if (frame.mediaTimeMs - forgotAtMs < forgetEveryMs) return;
      forgotAtMs = frame.mediaTimeMs;
      forget(tracklets, frame.mediaTimeMs);
    },
    remembered: () => tracklets.size,
  };

  function link(open: readonly Tracklet[], all: readonly Tracklet[], nowMs: number): void {
    // Each is asked anew, as if it had never been linked; who has not been looked at for much longer, by the looks it had.
    for (const one of open) {
      standAlone(one);
      if (isDue(one)) one.askedAtSeconds = one.lookSeconds;
    }
    for (const { tracklet, personId, link: sureness } of findLinks(open, all, nowMs, {
      aspectRatio,
      lookAlikes,
    })) {
      tracklet.personId = personId;
      tracklet.link = sureness;
    }
  }
}

function take(frame: TrackedFrame, tracklets: Map<number, Tracklet>): void {
  for (const track of frame.tracks) {
    if (track.state === 'lost') continue;
    const known = tracklets.get(track.trackId);
    const tracklet = known ?? startTracklet(track);
    tracklets.set(track.trackId, tracklet);
    seeTrack(tracklet, track, frame.mediaTimeMs);
  }
  for (const trackId of frame.endedTrackIds) {
    const ended = tracklets.get(trackId);
    if (ended === undefined) continue;
    endTracklet(ended);
  }
}

/** Of two tracks of one person in one frame, the one that was linked later is somebody else. */
function undoDoubles(present: readonly Tracklet[]): void {
  const byPerson = new Map<number, Tracklet>();
  for (const one of [...present].sort((a, b) => a.trackId - b.trackId)) {
    if (byPerson.has(one.personId)) standAlone(one);
    else byPerson.set(one.personId, one);
  }
}

function standAlone(one: Tracklet): void {
  one.personId = one.trackId;
  one.link = 'same-track';
}

/** A person is forgotten as a whole, long after being seen last; where too many are known, those gone longest. */
function forget(tracklets: Map<number, Tracklet>, nowMs: number): void {
  const lastSeen = new Map<number, number>();
  for (const { personId, lastSeenMs } of tracklets.values()) {
    lastSeen.set(personId, Math.max(lastSeen.get(personId) ?? 0, lastSeenMs));
  }
  const oldestMs = nowMs - constants.memorySeconds * 1000;
  const inOrder = [...lastSeen].sort((a, b) => b[1] - a[1]);
  const gone = new Set(
    inOrder.flatMap(([personId, seenMs], at) =>
      seenMs < oldestMs || at >= constants.mostPersons ? [personId] : [],
    ),
  );
  if (gone.size === 0 && tracklets.size <= constants.mostTracklets) return;
  for (const [trackId, { personId, hasEnded }] of tracklets) {
    const isTooMany = tracklets.size > constants.mostTracklets;
    if (hasEnded && (gone.has(personId) || isTooMany)) tracklets.delete(trackId);
  }
}
