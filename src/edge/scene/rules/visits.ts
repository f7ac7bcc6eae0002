/**
 * Who is visiting a circle on the ground: a visit begins when the feet have been inside for 0.2 s, and is over when they
 * have been farther than 1.3 radii for a second. Between two steps the feet are taken to move evenly, so that the frame
 * rate does not change what counts.
 */
import type { Point } from '../../../contract/shape.ts';
import { distanceToSegment, toGround } from '../../geometry/ground.ts';
import { passOn } from './rule-watcher.ts';
import type { Glimpse } from './step.ts';

const insideMs = 200;
const leftRadii = 1.3;
const leftMs = 1000;
const sampleMs = 50;

export type Circle = Readonly<{ centre: Point; radiusOfHeight: number }>;

/** What a sighting says about its track: a visit began at that time, the visit goes on, or it is over. */
export type VisitChange = Readonly<{ begunAtMs?: number; isInside: boolean; isOver: boolean }>;

export type Visits = Readonly<{
  take: (glimpse: Glimpse) => VisitChange;
  inherit: (from: number, to: number) => void;
  end: (trackId: number) => void;
  remembered: () => number;
}>;

type State = {
  isVisiting: boolean;
  insideSinceMs: number | undefined;
  awaySinceMs: number | undefined;
};

const elsewhere: VisitChange = { isInside: false, isOver: false };

export function createVisits({ centre, radiusOfHeight }: Circle, aspectRatio: number): Visits {
  const middle = toGround(centre, aspectRatio);
  const [middleX, middleY] = middle;
  const states = new Map<number, State>();
  const radiiAway = (x: number, y: number): number =>
    Math.hypot(x * aspectRatio - middleX, y - middleY) / radiusOfHeight;
  const meetsCircle = ({ x, y, isBridged, beforeX, beforeY }: Glimpse): boolean => {
    const [fromX, fromY] = isBridged ? [beforeX, beforeY] : [x, y];
    const isBeside =
      y - middleY > radiusOfHeight === fromY - middleY > radiusOfHeight &&
      Math.abs(y - middleY) > radiusOfHeight;
    if (isBeside) return false;
    const way = [toGround([fromX, fromY], aspectRatio), toGround([x, y], aspectRatio)] as const;
    return distanceToSegment(middle, way) <= radiusOfHeight;
  };
  const follow = (state: State, glimpse: Glimpse): VisitChange => {
    const { x, y, mediaTimeMs, isBridged, beforeX, beforeY, beforeMs } = glimpse;
    const fromX = isBridged ? beforeX : x;
    const fromY = isBridged ? beforeY : y;
    const fromMs = isBridged ? beforeMs : mediaTimeMs;
    const count = Math.max(1, Math.ceil((mediaTimeMs - fromMs) / sampleMs));
    let begunAtMs: number | undefined;
    let isOver = false;
    let isInside = false;
    // Places along the way since the sighting before, evenly spaced in time, the newest last.
    for (let nth = 1; nth <= count; nth += 1) {
      const share = nth / count;
      const atMs = fromMs + (mediaTimeMs - fromMs) * share;
      const radii = radiiAway(fromX + (x - fromX) * share, fromY + (y - fromY) * share);
      const wasVisiting = state.isVisiting;
      if (isArriving(state, radii, atMs)) begunAtMs = atMs;
      isOver ||= wasVisiting && !state.isVisiting;
      isInside = state.isVisiting && radii <= 1;
    }
    return begunAtMs === undefined ? { isInside, isOver } : { begunAtMs, isInside, isOver };
  };
  return {
    take: (glimpse) => {
      const { trackId } = glimpse;
      const state = states.get(trackId);
      if (state === undefined && !meetsCircle(glimpse)) return elsewhere;
      const followed = state ?? newcomer();
      if (state === undefined) states.set(trackId, followed);
      const change = follow(followed, glimpse);
      if (isIdle(followed)) states.delete(trackId);
      return change;
    },
    inherit: (from, to) => passOn(states, from, to),
    end: (trackId) => {
      states.delete(trackId);
    },
    remembered: () => states.size,
  };
}

function newcomer(): State {
  return { isVisiting: false, insideSinceMs: undefined, awaySinceMs: undefined };
}

/** Nothing is known about the track that would not be known without it. */
function isIdle({ isVisiting, insideSinceMs }: State): boolean {
  return !isVisiting && insideSinceMs === undefined;
}

/** Follows the visit; true at the moment at which a new one begins. */
function isArriving(state: State, radii: number, atMs: number): boolean {
  if (state.isVisiting) {
    if (radii <= leftRadii) state.awaySinceMs = undefined;
    else state.awaySinceMs ??= atMs;
    if (state.awaySinceMs !== undefined && atMs - state.awaySinceMs >= leftMs)
      Object.assign(state, newcomer());
    return false;
  }
  if (radii > 1) state.insideSinceMs = undefined;
  else state.insideSinceMs ??= atMs;
  const isVisit = state.insideSinceMs !== undefined && atMs - state.insideSinceMs >= insideMs;
  if (isVisit) state.isVisiting = true;
  return isVisit;
}
