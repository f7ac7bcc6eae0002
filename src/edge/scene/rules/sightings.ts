/**
 * Turns tracked frames into steps: only what was really seen moves anybody, predictions do not. A track that is born
 * where another was lost a moment ago is that person's new number: what the rules knew passes on to it.
 */
import { footPointOf, type Point } from '../../../contract/shape.ts';
import { distance, toGround } from '../../geometry/ground.ts';
import type { Persons } from '../identity/person.ts';
import type { Track, TrackedFrame, TrackPoint } from '../tracking/track.ts';
import { passOn } from './rule-watcher.ts';
import { longestBridgedMs, type Place, type Step } from './step.ts';

/** A successor is born within the time over which a way is bridged, and within this distance, in box heights, ... */
const successionHeights = 1;
/** ... and a walker's pace for each second since, of where the track was lost. */
const walkingHeights = 0.8;
const trailMs = 10_000;
const longestTrail = 80;
/** How slowly what is usual for a track follows its newest box: one stray box in five a second moves it by a fifth. */
const usualMs = 1000;

type Succession = Readonly<{ from: number; to: number }>;
export type SeenFrame = Readonly<{ successions: readonly Succession[]; steps: readonly Step[] }>;

export type Sightings = Readonly<{
  read: (frame: TrackedFrame, persons: Persons) => SeenFrame;
  /** Recent foot points, oldest first. */
  trailOf: (trackId: number) => readonly Point[];
  forget: (trackId: number) => void;
  remembered: () => number;
}>;

/** Changed in place with every step: at five frames a second and a hundred people nothing is copied. */
type Memory = {
  label: string;
  place: Place;
  boxHeight: number;
  usual: Step['usual'];
  trail: Place[];
};

const noSuccessions: readonly Succession[] = [];

export function createSightings(aspectRatio: number): Sightings {
  const memories = new Map<number, Memory>();
  return {
    read: (frame, persons) => {
      const seen = frame.tracks.filter((track) => isSeen(track, frame));
      let successions = noSuccessions;
      const steps: Step[] = [];
      for (const track of seen) {
        const { trackId } = track;
        const points = pointsOf(track, frame.mediaTimeMs, memories.get(trackId)?.place.mediaTimeMs);
        const from = memories.has(trackId)
          ? undefined
          : predecessorOf(points[0], track.label, memories, seen, aspectRatio);
        if (from !== undefined) {
          passOn(memories, from, trackId);
          successions = [...successions, { from, to: trackId }];
        }
        const person = persons.personOf(trackId);
        for (const point of points) steps.push(stepTo(point, track, person, frame, memories));
      }
      return { successions, steps };
    },
    trailOf: (trackId) => memories.get(trackId)?.trail.map(({ footPoint }) => footPoint) ?? [],
    forget: (trackId) => {
      memories.delete(trackId);
    },
    remembered: () => memories.size,
  };
}

function isSeen({ state, lastSeenMs }: Track, { mediaTimeMs }: TrackedFrame): boolean {
  return state === 'confirmed' && lastSeenMs === mediaTimeMs;
}

/** Remembers the new position and answers with the step that leads to it. */
function stepTo(
  { box, mediaTimeMs }: TrackPoint,
  track: Track,
  person: Step['person'],
  frame: TrackedFrame,
  memories: Map<number, Memory>,
): Step {
  const footPoint = footPointOf(box);
  const boxHeight = Math.max(box.bottom - box.top, 1e-3);
  const known = memories.get(track.trackId);
  const before = known?.place;
  const isBridged = before !== undefined && mediaTimeMs - before.mediaTimeMs <= longestBridgedMs;
  const place = { footPoint, mediaTimeMs };
  const usual = usualOf(known, track.confidence, boxHeight, mediaTimeMs);
  const trail = known?.trail ?? [];
  trail.push(place);
  while (trail.length > longestTrail || mediaTimeMs - (trail[0]?.mediaTimeMs ?? 0) > trailMs)
    trail.shift();
  if (known === undefined) {
    memories.set(track.trackId, { label: track.label, place, boxHeight, usual, trail });
  } else {
    known.place = place;
    known.boxHeight = boxHeight;
    known.usual = usual;
  }
  const step = {
    track,
    person,
    box,
    footPoint,
    boxHeight,
    usual,
    mediaTimeMs,
    capturedAtMs: frame.capturedAtMs - (frame.mediaTimeMs - mediaTimeMs),
    afterBlindTime: before !== undefined && !isBridged,
  };
  return isBridged ? { ...step, before } : step;
}

/** Exponential mean over time, so that the rate of frames does not change it. */
function usualOf(
  known: Memory | undefined,
  confidence: number,
  boxHeight: number,
  atMs: number,
): Step['usual'] {
  if (known === undefined) return { confidence, boxHeight };
  const { usual, place } = known;
  const share = 1 - Math.exp((place.mediaTimeMs - atMs) / usualMs);
  return {
    confidence: usual.confidence + (confidence - usual.confidence) * share,
    boxHeight: usual.boxHeight + (boxHeight - usual.boxHeight) * share,
  };
}

/** The track of the same label that was lost nearest to where and when this one was born. */
function predecessorOf(
  born: TrackPoint | undefined,
  label: string,
  memories: ReadonlyMap<number, Memory>,
  present: readonly Track[],
  aspectRatio: number,
): number | undefined {
  if (born === undefined) return undefined;
  const foot = toGround(footPointOf(born.box), aspectRatio);
  let best: number | undefined;
  let shortest = 1;
  for (const [trackId, { place, boxHeight, label: lostLabel }] of memories) {
    const missingMs = born.mediaTimeMs - place.mediaTimeMs;
    if (missingMs <= 0 || missingMs > longestBridgedMs || lostLabel !== label) continue;
    if (present.some((track) => track.trackId === trackId)) continue;
    const reach = boxHeight * (successionHeights + (walkingHeights * missingMs) / 1000);
    const share = distance(foot, toGround(place.footPoint, aspectRatio)) / reach;
    if (share > shortest) continue;
    best = trackId;
    shortest = share;
  }
  return best;
}

/** What is new about the track: this frame's position, and in the frame that confirms it also those before. */
function pointsOf(track: Track, nowMs: number, knownUntilMs = -1): readonly TrackPoint[] {
  const here = { mediaTimeMs: nowMs, box: track.box };
  if (track.earlierPoints === undefined) return [here];
  const earlier = track.earlierPoints.filter(
    ({ mediaTimeMs }) => mediaTimeMs > knownUntilMs && mediaTimeMs < nowMs,
  );
  return [...earlier, here];
}
