/**
 * Turns tracked frames into steps: only what was really seen moves anybody, predictions do not. A track that is born
 * where another was lost a moment ago is that person's new number: what the rules knew passes on to it.
 */
import { footPointOf, type Point } from '../../../contract/shape.ts';
import { distance, toGround } from '../../geometry/ground.ts';
import type { Persons } from '../identity/person.ts';
import type { Track, TrackedFrame, TrackPoint } from '../tracking/track.ts';
import { passOn } from './rule-watcher.ts';
import { longestBridgedMs, type Step } from './step.ts';

/** A successor is born within this time ... */
const successionMs = 1000;
/** ... and this distance, in box heights, of the track that was lost. */
const successionHeights = 1;
const trailMs = 10_000;
const longestTrail = 80;

type Succession = Readonly<{ from: number; to: number }>;
type SeenFrame = Readonly<{ successions: readonly Succession[]; steps: readonly Step[] }>;

export type Sightings = Readonly<{
  read: (frame: TrackedFrame, persons: Persons) => SeenFrame;
  /** Recent foot points, oldest first. */
  trailOf: (trackId: number) => readonly Point[];
  forget: (trackId: number) => void;
  remembered: () => number;
}>;

type Memory = Readonly<{
  footPoint: Point;
  boxHeight: number;
  lastSeenMs: number;
  trail: readonly Readonly<{ point: Point; mediaTimeMs: number }>[];
}>;

export function createSightings(aspectRatio: number): Sightings {
  const memories = new Map<number, Memory>();
  return {
    read: (frame, persons) => {
      const seen = frame.tracks.filter(
        ({ state, lastSeenMs }) => state === 'confirmed' && lastSeenMs === frame.mediaTimeMs,
      );
      const present = new Set(seen.map(({ trackId }) => trackId));
      const successions: Succession[] = [];
      const steps = seen.flatMap((track) => {
        const { trackId } = track;
        const points = pointsOf(track, frame.mediaTimeMs, memories.get(trackId)?.lastSeenMs);
        const from = memories.has(trackId)
          ? undefined
          : predecessorOf(points[0], memories, present, aspectRatio);
        if (from !== undefined) {
          passOn(memories, from, trackId);
          successions.push({ from, to: trackId });
        }
        return points.map((point) =>
          stepTo(point, track, persons.personOf(trackId), frame, memories),
        );
      });
      return { successions, steps };
    },
    trailOf: (trackId) => memories.get(trackId)?.trail.map(({ point }) => point) ?? [],
    forget: (trackId) => {
      memories.delete(trackId);
    },
    remembered: () => memories.size,
  };
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
  const isBridged = known !== undefined && mediaTimeMs - known.lastSeenMs <= longestBridgedMs;
  const recent = (known?.trail ?? []).filter((old) => mediaTimeMs - old.mediaTimeMs <= trailMs);
  const trail = [...recent, { point: footPoint, mediaTimeMs }].slice(-longestTrail);
  memories.set(track.trackId, { footPoint, boxHeight, lastSeenMs: mediaTimeMs, trail });
  const before = isBridged
    ? { before: { footPoint: known.footPoint, mediaTimeMs: known.lastSeenMs } }
    : {};
  return {
    track,
    person,
    footPoint,
    boxHeight,
    mediaTimeMs,
    capturedAtMs: frame.capturedAtMs - (frame.mediaTimeMs - mediaTimeMs),
    afterBlindTime: known !== undefined && !isBridged,
    ...before,
  };
}

/** The track that was lost nearest to where and when this one was born. */
function predecessorOf(
  born: TrackPoint | undefined,
  memories: ReadonlyMap<number, Memory>,
  present: ReadonlySet<number>,
  aspectRatio: number,
): number | undefined {
  if (born === undefined) return undefined;
  const foot = toGround(footPointOf(born.box), aspectRatio);
  let best: number | undefined;
  let shortest = successionHeights;
  for (const [trackId, memory] of memories) {
    const missingMs = born.mediaTimeMs - memory.lastSeenMs;
    if (present.has(trackId) || missingMs <= 0 || missingMs > successionMs) continue;
    const away = distance(foot, toGround(memory.footPoint, aspectRatio)) / memory.boxHeight;
    if (away > shortest) continue;
    best = trackId;
    shortest = away;
  }
  return best;
}

/** What is new about the track: this frame's position, and in the frame that confirms it also those before. */
function pointsOf(track: Track, nowMs: number, knownUntilMs = -1): readonly TrackPoint[] {
  const earlier = (track.earlierPoints ?? []).filter(
    ({ mediaTimeMs }) => mediaTimeMs > knownUntilMs && mediaTimeMs < nowMs,
  );
  return [...earlier, { mediaTimeMs: nowMs, box: track.box }];
}
