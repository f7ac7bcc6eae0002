/**
 * Turns rows of sightings into the views that rules are shown, with what is remembered of each track. A track that is born
 * where another was lost a moment ago is that person's new number: what the rules knew passes on to it.
 */
import { footPointOf, type Point } from '../../../contract/shape.ts';
import { distance, toGround } from '../../geometry/ground.ts';
import type { Persons } from '../identity/person.ts';
import type { TrackPoint } from '../tracking/track.ts';
import { createGlimpsePool, type OpenGlimpse } from './glimpse.ts';
import { passOn } from './rule-watcher.ts';
import type { FrameOfRows } from './sighting-rows.ts';
import { type Glimpse, longestBridgedMs } from './step.ts';
import { addToTrail, createTrail, pointsOfTrail, type Trail } from './trail.ts';

/** A successor is born within the time over which a way is bridged, and within this distance, in box heights, ... */
const successionHeights = 1;
/** ... and a walker's pace for each second since, of where the track was lost. */
const walkingHeights = 0.8;
/** How slowly what is usual for a track follows its newest box: one stray box in five a second moves it by a fifth. */
const usualMs = 1000;

type Succession = Readonly<{ from: number; to: number }>;
/** The glimpses are the first `count` ones, and valid until the next frame is read. */
export type SeenFrame = Readonly<{
  successions: readonly Succession[];
  glimpses: readonly Glimpse[];
  count: number;
}>;

export type Sightings = Readonly<{
  read: (frame: FrameOfRows, persons: Persons) => SeenFrame;
  /** Recent foot points, oldest first. */
  trailOf: (trackId: number) => readonly Point[];
  /** Tracks that have not been seen since. */
  unseenSince: (mediaTimeMs: number) => readonly number[];
  forget: (trackId: number) => void;
  remembered: () => number;
}>;

/** Changed in place with every sighting. */
type Memory = {
  label: string;
  x: number;
  y: number;
  atMs: number;
  boxHeight: number;
  usualConfidence: number;
  usualHeight: number;
  readonly trail: Trail;
};

const nobody: readonly number[] = [];
const noPoints: readonly TrackPoint[] = [];
const noSuccessions: readonly Succession[] = [];

export function createSightings(aspectRatio: number): Sightings {
  const memories = new Map<number, Memory>();
  const pool = createGlimpsePool();
  return {
    read: (frame, persons) => {
      let successions = noSuccessions;
      pool.clear();
      for (let row = frame.from; row < frame.to; row += 1) {
        const trackId = frame.rows.trackId[row] ?? 0;
        const known = memories.get(trackId);
        const earlier = earlierPoints(frame, row, known?.atMs);
        const lost =
          known === undefined
            ? predecessorOf(earlier[0] ?? pointIn(frame, row), row, memories, frame, aspectRatio)
            : undefined;
        if (lost !== undefined) {
          passOn(memories, lost, trackId);
          successions = [...successions, { from: lost, to: trackId }];
        }
        for (const point of earlier) {
          const glimpse = lookAt(pool.next(), frame, row, persons);
          moveTo(glimpse, point, frame);
          remember(glimpse, memories);
        }
        remember(lookAt(pool.next(), frame, row, persons), memories);
      }
      return { successions, glimpses: pool.all, count: pool.count() };
    },
    trailOf: (trackId) => {
      const known = memories.get(trackId);
      return known === undefined ? [] : pointsOfTrail(known.trail);
    },
    unseenSince: (mediaTimeMs) => {
      let unseen = nobody;
      memories.forEach(({ atMs }, trackId) => {
        if (atMs < mediaTimeMs) unseen = [...unseen, trackId];
      });
      return unseen;
    },
    forget: (trackId) => {
      memories.delete(trackId);
    },
    remembered: () => memories.size,
  };
}

/** What is new about the track beside this frame's position: in the frame that confirms it where it was before. */
function earlierPoints(
  { rows, mediaTimeMs: nowMs }: FrameOfRows,
  row: number,
  knownUntilMs = -1,
): readonly TrackPoint[] {
  if (rows.earlier.size === 0) return noPoints;
  const earlier = rows.earlier.get(row) ?? noPoints;
  return earlier.filter(({ mediaTimeMs }) => mediaTimeMs > knownUntilMs && mediaTimeMs < nowMs);
}

function pointIn({ rows, mediaTimeMs }: FrameOfRows, row: number): TrackPoint {
  const [left = 0, top = 0] = [rows.left[row], rows.top[row]];
  const [right = 0, bottom = 0] = [rows.right[row], rows.bottom[row]];
  return { mediaTimeMs, box: { left, top, right, bottom } };
}

function lookAt(
  glimpse: OpenGlimpse,
  { rows, mediaTimeMs, capturedAtMs }: FrameOfRows,
  row: number,
  persons: Persons,
): OpenGlimpse {
  glimpse.persons = persons;
  glimpse.trackId = rows.trackId[row] ?? 0;
  glimpse.label = rows.label[row] ?? '';
  glimpse.confidence = rows.confidence[row] ?? 0;
  glimpse.left = rows.left[row] ?? 0;
  glimpse.top = rows.top[row] ?? 0;
  glimpse.right = rows.right[row] ?? 0;
  glimpse.bottom = rows.bottom[row] ?? 0;
  glimpse.mediaTimeMs = mediaTimeMs;
  glimpse.capturedAtMs = capturedAtMs;
  return glimpse;
}

function moveTo(glimpse: OpenGlimpse, { mediaTimeMs, box }: TrackPoint, frame: FrameOfRows): void {
  Object.assign(glimpse, box);
  glimpse.mediaTimeMs = mediaTimeMs;
  glimpse.capturedAtMs = frame.capturedAtMs - (frame.mediaTimeMs - mediaTimeMs);
}

/** Remembers the new position, and tells the glimpse what was known before. */
function remember(glimpse: OpenGlimpse, memories: Map<number, Memory>): void {
  const { trackId, mediaTimeMs, confidence } = glimpse;
  const x = (glimpse.left + glimpse.right) / 2;
  const y = glimpse.bottom;
  const boxHeight = Math.max(glimpse.bottom - glimpse.top, 1e-3);
  const before = memories.get(trackId);
  const known = before ?? newcomer(glimpse, boxHeight);
  if (before === undefined) memories.set(trackId, known);
  glimpse.x = x;
  glimpse.y = y;
  glimpse.boxHeight = boxHeight;
  glimpse.isBridged = before !== undefined && mediaTimeMs - known.atMs <= longestBridgedMs;
  glimpse.afterBlindTime = before !== undefined && !glimpse.isBridged;
  glimpse.beforeX = known.x;
  glimpse.beforeY = known.y;
  glimpse.beforeMs = known.atMs;
  // Exponential mean over time, so that the rate of frames does not change it.
  const share = before === undefined ? 0 : 1 - Math.exp((known.atMs - mediaTimeMs) / usualMs);
  known.usualConfidence += (confidence - known.usualConfidence) * share;
  known.usualHeight += (boxHeight - known.usualHeight) * share;
  known.x = x;
  known.y = y;
  known.atMs = mediaTimeMs;
  known.boxHeight = boxHeight;
  addToTrail(known.trail, x, y, mediaTimeMs);
  glimpse.usualConfidence = known.usualConfidence;
  glimpse.usualHeight = known.usualHeight;
}

function newcomer({ label, confidence }: Glimpse, boxHeight: number): Memory {
  return {
    label,
    x: 0.5,
    y: 0.5,
    atMs: 0.5,
    boxHeight,
    usualConfidence: confidence,
    usualHeight: boxHeight,
    trail: createTrail(),
  };
}

/** The track of the same label that was lost nearest to where and when the one in the row was born. */
function predecessorOf(
  born: TrackPoint,
  row: number,
  memories: ReadonlyMap<number, Memory>,
  frame: FrameOfRows,
  aspectRatio: number,
): number | undefined {
  const foot = toGround(footPointOf(born.box), aspectRatio);
  const label = frame.rows.label[row];
  let best: number | undefined;
  let shortest = 1;
  for (const [trackId, lost] of memories) {
    const missingMs = born.mediaTimeMs - lost.atMs;
    if (missingMs <= 0 || missingMs > longestBridgedMs || lost.label !== label) continue;
    if (isIn(frame, trackId)) continue;
    const reach = lost.boxHeight * (successionHeights + (walkingHeights * missingMs) / 1000);
    const share = distance(foot, toGround([lost.x, lost.y], aspectRatio)) / reach;
    if (share > shortest) continue;
    best = trackId;
    shortest = share;
  }
  return best;
}

function isIn({ rows, from, to }: FrameOfRows, trackId: number): boolean {
  for (let row = from; row < to; row += 1) if (rows.trackId[row] === trackId) return true;
  return false;
}
