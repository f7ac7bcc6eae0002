/**
 * Zone: entered and left after half a second on the new side, so that its edge does not flicker; dwelling counts wall
 * time while the person stays, standing still or walking about, over short losses and a change of the track's number.
 */
import type { Zone } from '../../../contract/rule.ts';
import { contains } from '../../geometry/polygon.ts';
import { type Firing, nothing, passOn, type RuleWatcher } from './rule-watcher.ts';
import { longestBridgedMs, type Step } from './step.ts';

const defaultSettleSeconds = 0.5;

type State = {
  isInside: boolean;
  /** Since when the steps contradict `isInside`. */
  contradictedSinceMs: number | undefined;
  enteredAtMs: number;
  hasDwelt: boolean;
  last: Step;
};

export function createZoneWatcher(zone: Zone): RuleWatcher {
  const settleMs = (zone.settleSeconds ?? defaultSettleSeconds) * 1000;
  const dwellMs = (zone.dwellSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  const reportsPassage = zone.reportsPassage ?? true;
  const states = new Map<number, State>();

  const enter = (state: State, atMs: number): readonly Firing[] => {
    state.isInside = true;
    state.enteredAtMs = atMs;
    state.hasDwelt = false;
    return reportsPassage ? [{ finding: { kind: 'zone-entered' }, step: state.last }] : nothing;
  };
  const leave = (state: State, atMs: number): readonly Firing[] => {
    state.isInside = false;
    const staySeconds = Math.max(0, (atMs - state.enteredAtMs) / 1000);
    return reportsPassage
      ? [{ finding: { kind: 'zone-left', staySeconds }, step: state.last }]
      : nothing;
  };
  const dwell = (state: State, nowMs: number): readonly Firing[] => {
    if (!state.isInside || state.hasDwelt || nowMs - state.enteredAtMs < dwellMs) return nothing;
    state.hasDwelt = true;
    const dwellSeconds = (nowMs - state.enteredAtMs) / 1000;
    return [{ finding: { kind: 'dwell-loitering', dwellSeconds }, step: state.last }];
  };

  return {
    take: (step) => {
      const state = states.get(step.track.trackId) ?? arriving(step);
      states.set(step.track.trackId, state);
      const lost =
        step.afterBlindTime && state.isInside ? leave(state, state.last.mediaTimeMs) : nothing;
      state.last = step;
      const isInside = contains(zone.points, step.footPoint);
      if (isInside === state.isInside) state.contradictedSinceMs = undefined;
      else state.contradictedSinceMs ??= step.mediaTimeMs;
      const since = state.contradictedSinceMs;
      if (since === undefined || step.mediaTimeMs - since < settleMs)
        return [...lost, ...dwell(state, step.mediaTimeMs)];
      state.contradictedSinceMs = undefined;
      return [...lost, ...(isInside ? enter(state, since) : leave(state, since))];
    },
    elapse: (nowMs) =>
      [...states.values()].flatMap((state) =>
        state.isInside && nowMs - state.last.mediaTimeMs > longestBridgedMs
          ? leave(state, state.last.mediaTimeMs)
          : nothing,
      ),
    inherit: (from, to) => passOn(states, from, to),
    end: (trackId) => {
      const state = states.get(trackId);
      states.delete(trackId);
      return state?.isInside === true ? leave(state, state.last.mediaTimeMs) : nothing;
    },
    remembered: () => states.size,
  };
}

function arriving(step: Step): State {
  return {
    isInside: false,
    contradictedSinceMs: undefined,
    enteredAtMs: step.mediaTimeMs,
    hasDwelt: false,
    last: step,
  };
}
