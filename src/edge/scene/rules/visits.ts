/**
 * Who is visiting a circle on the ground: a visit begins when the feet have been inside for 0.2 s, and is over when they
 * have been farther than 1.3 radii for a second. Between two steps the feet are taken to move evenly, so that the frame
 * rate does not change what counts.
 */
import type { Point } from '../../../contract/shape.ts';
import { distance, distanceToSegment, toGround } from '../../geometry/ground.ts';
import { passOn } from './rule-watcher.ts';
import type { Step } from './step.ts';

const insideMs = 200;
const leftRadii = 1.3;
const leftMs = 1000;
const sampleMs = 50;

export type Circle = Readonly<{ centre: Point; radiusOfHeight: number }>;

/** What a step says about its track: a visit began at that time, the visit goes on, or it is over. */
export type VisitChange = Readonly<{ begunAtMs?: number; isInside: boolean; isOver: boolean }>;

export type Visits = Readonly<{
  take: (step: Step) => VisitChange;
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
  const states = new Map<number, State>();
  const radiiAway = (point: Point): number =>
    distance(toGround(point, aspectRatio), middle) / radiusOfHeight;
  const meetsCircle = ({ before, footPoint }: Step): boolean => {
    const to = toGround(footPoint, aspectRatio);
    const from = before === undefined ? to : toGround(before.footPoint, aspectRatio);
    return distanceToSegment(middle, [from, to]) <= radiusOfHeight;
  };
  return {
    take: (step) => {
      const { trackId } = step.track;
      const state = states.get(trackId);
      if (state === undefined && !meetsCircle(step)) return elsewhere;
      const followed = state ?? newcomer();
      states.set(trackId, followed);
      let change: VisitChange = { isInside: false, isOver: false };
      for (const { point, atMs } of samplesOf(step)) {
        const radii = radiiAway(point);
        const wasVisiting = followed.isVisiting;
        if (isArriving(followed, radii, atMs)) change = { ...change, begunAtMs: atMs };
        const isOver = change.isOver || (wasVisiting && !followed.isVisiting);
        change = { ...change, isOver, isInside: followed.isVisiting && radii <= 1 };
      }
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

/** Places along the way since the step before, evenly spaced in time, the step itself last. */
function samplesOf({
  before,
  footPoint,
  mediaTimeMs,
}: Step): readonly { point: Point; atMs: number }[] {
  if (before === undefined) return [{ point: footPoint, atMs: mediaTimeMs }];
  const tookMs = mediaTimeMs - before.mediaTimeMs;
  const count = Math.max(1, Math.ceil(tookMs / sampleMs));
  return Array.from({ length: count }, (_, at) => {
    const share = (at + 1) / count;
    const x = before.footPoint[0] + (footPoint[0] - before.footPoint[0]) * share;
    const y = before.footPoint[1] + (footPoint[1] - before.footPoint[1]) * share;
    return { point: [x, y], atMs: before.mediaTimeMs + tookMs * share };
  });
}
