/**
 * Watch point, the virtual guard: visits of one person to a circle on the ground. The event comes as the last of the
 * wanted passes within the window begins, with all of them as evidence. Visits belong to persons, not to tracks.
 * Between two steps the feet are taken to move evenly, so that the frame rate does not change what counts.
 */
import type { WatchPoint } from '../../../contract/rule.ts';
import type { Pass } from '../../../contract/rule-event.ts';
import type { Point } from '../../../contract/shape.ts';
import { distance, toGround } from '../../geometry/ground.ts';
import { type Firing, nothing, type RuleWatcher } from './rule-watcher.ts';
import type { Step } from './step.ts';

const insideMs = 200;
const leftRadii = 1.3;
const leftMs = 1000;
const sampleMs = 50;
const defaultPasses = 3;
const defaultWindowSeconds = 600;

type State = {
  tracks: Set<number>;
  isVisiting: boolean;
  insideSinceMs: number | undefined;
  awaySinceMs: number | undefined;
  passes: Pass[];
};

export function createWatchPointWatcher(watchPoint: WatchPoint, aspectRatio: number): RuleWatcher {
  const wanted = watchPoint.passes ?? defaultPasses;
  const windowMs = (watchPoint.windowSeconds ?? defaultWindowSeconds) * 1000;
  const centre = toGround(watchPoint.centre as Point, aspectRatio);
  const states = new Map<number, State>();
  const radiiAway = (point: Point): number =>
    distance(toGround(point, aspectRatio), centre) / watchPoint.radiusOfHeight;

  const begin = (state: State, step: Step, atMs: number): readonly Firing[] => {
    state.isVisiting = true;
    state.awaySinceMs = undefined;
    const startedAtMs = Math.round(step.capturedAtMs - (step.mediaTimeMs - atMs));
    const pass = {
      startedAtMs,
      mediaTimeMs: atMs,
      trackId: step.track.trackId,
      link: step.person.link,
    };
    state.passes = [...state.passes.filter((old) => atMs - old.mediaTimeMs <= windowMs), pass];
    if (state.passes.length % wanted !== 0) return nothing;
    return [{ finding: { kind: 'pass-loitering', passes: [...state.passes] }, step }];
  };

  return {
    take: (step) => {
      const state = stateOf(states, step);
      return samplesOf(step).flatMap(({ point, atMs }) =>
        isArriving(state, radiiAway(point), atMs) ? begin(state, step, atMs) : nothing,
      );
    },
    elapse: () => nothing,
    inherit: (from, to) => {
      for (const state of states.values()) {
        if (state.tracks.delete(from)) state.tracks.add(to);
      }
    },
    end: (trackId, nowMs) => {
      for (const [personId, state] of states) {
        if (state.tracks.delete(trackId) && state.tracks.size === 0) leave(state);
        const isOver = state.passes.every((pass) => nowMs - pass.mediaTimeMs > windowMs);
        if (state.tracks.size === 0 && isOver) states.delete(personId);
      }
      return nothing;
    },
    remembered: () => states.size,
  };
}

/** The person's visits. A track that took over another's number brings that one's visits along under its own person. */
function stateOf(states: Map<number, State>, { track, person }: Step): State {
  const known = states.get(person.personId);
  const inherited = known ?? heldBy(states, track.trackId);
  const state = inherited ?? newcomer();
  states.set(person.personId, state);
  state.tracks.add(track.trackId);
  return state;
}

function heldBy(states: Map<number, State>, trackId: number): State | undefined {
  for (const [personId, state] of states) {
    if (!state.tracks.has(trackId)) continue;
    states.delete(personId);
    return state;
  }
  return undefined;
}

function newcomer(): State {
  return {
    tracks: new Set(),
    isVisiting: false,
    insideSinceMs: undefined,
    awaySinceMs: undefined,
    passes: [],
  };
}

function leave(state: State): void {
  state.isVisiting = false;
  state.insideSinceMs = undefined;
  state.awaySinceMs = undefined;
}

/** Follows the visit; true at the moment at which a new one begins. */
function isArriving(state: State, radii: number, atMs: number): boolean {
  if (state.isVisiting) {
    if (radii <= leftRadii) state.awaySinceMs = undefined;
    else state.awaySinceMs ??= atMs;
    if (state.awaySinceMs !== undefined && atMs - state.awaySinceMs >= leftMs) leave(state);
    return false;
  }
  if (radii > 1) state.insideSinceMs = undefined;
  else state.insideSinceMs ??= atMs;
  return state.insideSinceMs !== undefined && atMs - state.insideSinceMs >= insideMs;
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
