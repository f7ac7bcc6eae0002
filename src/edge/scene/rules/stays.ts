/**
 * Who is inside a zone: entered and left after half a second on the new side, so that its edge does not flicker; dwelling
 * counts wall time while the person stays, standing still or walking about, over short losses and a change of the
 * track's number, and begins anew after a real exit.
 */
import type { Zone } from '../../../contract/rule.ts';
import type { Persons } from '../identity/person.ts';
import {
  type Firing,
  nothing,
  passOn,
  personNow,
  type RuleWatcher,
  type Scope,
} from './rule-watcher.ts';
import { type Glimpse, longestBridgedMs, type Step } from './step.ts';

const defaultSettleSeconds = 0.5;
/** Who stands still for long is overlooked at times: longer than the tracker believes in somebody unseen. */
const longestLossMs = 5000;

type State = {
  isInside: boolean;
  /** Since when the steps contradict `isInside`. */
  contradictedSinceMs: number | undefined;
  enteredAtMs: number;
  hasDwelt: boolean;
  /** The track has been given up; its person may yet come back under another number. */
  hasEnded: boolean;
  /** Its newest step; of one who walks about outside, an older one. */
  last: Step;
};

export type Stays = Pick<RuleWatcher, 'elapse' | 'inherit' | 'end' | 'remembered'> &
  Readonly<{
    take: (glimpse: Glimpse, isInside: boolean, persons: Persons) => readonly Firing[];
    /** The last steps of those who are inside and have been seen a moment ago. */
    present: (nowMs: number) => readonly Step[];
  }>;

export function createStays(zone: Zone, scope: Scope): Stays {
  const states = new Map<number, State>();
  const { take, leaveUnseen } = createStay(zone, scope);
  return {
    take: (glimpse, isInside, persons) => {
      const { trackId } = glimpse;
      const known = states.get(trackId);
      if (known !== undefined && !isInside && isOutside(known)) return nothing;
      const step = glimpse.step();
      const state = known ?? comeBack(states, step, persons) ?? arriving(step);
      if (state !== known) states.set(trackId, state);
      return take(state, step, isInside, glimpse.afterBlindTime);
    },
    elapse: (nowMs) => {
      let firings = nothing;
      for (const [trackId, state] of states) {
        if (nowMs - state.last.mediaTimeMs <= longestLossMs) continue;
        if (state.isInside) firings = [...firings, ...leaveUnseen(state)];
        if (state.hasEnded) states.delete(trackId);
      }
      return firings;
    },
    inherit: (from, to) => passOn(states, from, to),
    end: (trackId) => {
      const state = states.get(trackId);
      if (state?.isInside === true) state.hasEnded = true;
      else states.delete(trackId);
      return nothing;
    },
    remembered: () => states.size,
    present: (nowMs) =>
      [...states.values()].flatMap(({ isInside, last }) =>
        isInside && nowMs - last.mediaTimeMs <= longestBridgedMs ? [last] : [],
      ),
  };
}

/** What steps do to one person's state, and what is told of it. */
function createStay(zone: Zone, { admits, isInForce }: Scope) {
  const settleMs = (zone.settleSeconds ?? defaultSettleSeconds) * 1000;
  const dwellMs = (zone.dwellSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  const reportsPassage = zone.reportsPassage ?? true;

  const enter = (state: State, atMs: number): readonly Firing[] => {
    Object.assign(state, { isInside: true, enteredAtMs: atMs, hasDwelt: false });
    return reportsPassage ? [{ finding: { kind: 'zone-entered' }, step: state.last }] : nothing;
  };
  const leave = (state: State, atMs: number): readonly Firing[] => {
    Object.assign(state, { isInside: false, contradictedSinceMs: undefined });
    const staySeconds = Math.max(0, (atMs - state.enteredAtMs) / 1000);
    return reportsPassage
      ? [{ finding: { kind: 'zone-left', staySeconds }, step: state.last }]
      : nothing;
  };
  const dwell = (state: State, step: Step): readonly Firing[] => {
    const stayedMs = step.mediaTimeMs - state.enteredAtMs;
    if (!state.isInside || state.hasDwelt || stayedMs < dwellMs) return nothing;
    // Told when it will be heard: whoever is unsure for a moment is told of as soon as he is not.
    if (!admits(step) || !isInForce(step.capturedAtMs)) return nothing;
    state.hasDwelt = true;
    return [{ finding: { kind: 'dwell-loitering', dwellSeconds: stayedMs / 1000 }, step }];
  };
  const leaveUnseen = (state: State) => leave(state, state.last.mediaTimeMs);

  const take = (
    state: State,
    step: Step,
    isInside: boolean,
    afterBlindTime: boolean,
  ): readonly Firing[] => {
    if (afterBlindTime && state.isInside && !isInside) {
      const left = leaveUnseen(state);
      state.last = step;
      return left;
    }
    state.last = step;
    if (isInside === state.isInside) {
      state.contradictedSinceMs = undefined;
      return dwell(state, step);
    }
    state.contradictedSinceMs ??= step.mediaTimeMs;
    const sinceMs = state.contradictedSinceMs;
    if (step.mediaTimeMs - sinceMs < settleMs) return dwell(state, step);
    state.contradictedSinceMs = undefined;
    return isInside ? enter(state, sinceMs) : leave(state, sinceMs);
  };
  return { take, leaveUnseen };
}

/** The stay of the same person under the number of a track that is not seen any more. */
function comeBack(states: Map<number, State>, step: Step, persons: Persons): State | undefined {
  for (const [trackId, state] of states) {
    const { last } = state;
    if (!state.isInside || last.mediaTimeMs >= step.mediaTimeMs) continue;
    const { personId } = last.person;
    if (personNow({ trackId, personId }, persons) !== step.person.personId) continue;
    states.delete(trackId);
    return { ...state, hasEnded: false };
  }
  return undefined;
}

/** Walking about outside changes nothing. */
function isOutside({ isInside, contradictedSinceMs }: State): boolean {
  return !isInside && contradictedSinceMs === undefined;
}

function arriving(step: Step): State {
  return {
    isInside: false,
    contradictedSinceMs: undefined,
    enteredAtMs: step.mediaTimeMs,
    hasDwelt: false,
    hasEnded: false,
    last: step,
  };
}
