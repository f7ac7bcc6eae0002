/**
 * One wire and who crosses it: settled on one side, then settled on the other, and the way between met the drawn line
 * itself. Around the line lies a dead band, measured in box heights, in which nobody is on a side. A side is settled
 * after a time on it, or sooner by a clear step beyond the band. Where the line was met is said by the whole way through
 * the band. One box alone settles nothing: cut short, it puts the
 * feet far off; the next sighting, or the end of the track, has to bear it out. Afterwards the wire is armed again for
 * the same person.
 */
import type { Tripwire } from '../../../contract/rule.ts';
import type { Point } from '../../../contract/shape.ts';
import { createWireDistance } from '../../geometry/ground.ts';
import {
  addToPassage,
  type Passage,
  restartPassage,
  startPassage,
  straightWay,
  unevenness,
} from './passage.ts';
import { passOn } from './rule-watcher.ts';
import { type Glimpse, longestBridgedMs, type Step } from './step.ts';
import { meetingMs, meetingOfStep, type Wire, wireOf } from './wire-meeting.ts';

type Side = 'a' | 'b';
type CrossedDirection = 'a-to-b' | 'b-to-a';
export type WireSettings = Readonly<{
  bandHeights: number;
  settleMs: number;
  clearHeights: number;
}>;

/** Half width of the band, time to settle, and the step beyond the band that settles at once. */
const presets: Readonly<Record<'loose' | 'balanced' | 'strict', WireSettings>> = {
  loose: { bandHeights: 0.05, settleMs: 150, clearHeights: 0.1 },
  balanced: { bandHeights: 0.1, settleMs: 300, clearHeights: 0.2 },
  strict: { bandHeights: 0.2, settleMs: 600, clearHeights: 0.5 },
};

/**
 * Boxes tremble: somebody who stays at the rims of the band is beyond them now and then for longer than it takes to settle.
 * How far off the feet were on both sides together, on the mean of a stay there, has to come to so many half widths.
 */
const crossedBands = 4;

/** Sightings farther off a straight line, on the mean, show a bend in the way and not the trembling of the feet. */
const tremblingHeights = 0.06;

/** How far from the wire, in half widths of the band, a person's first side is believed. */
const originBands = 1.5;

type State = {
  settled: Side | undefined;
  /** How far off it was on that side: the best mean of a stay there. */
  depth: number;
  /** The side on which the last step was, since when without interruption, and how far off in sum. */
  towards: Side | undefined;
  sinceMs: number;
  sightings: number;
  awaySum: number;
  /** When the way since the person was last settled met the wire, the last time that it did. */
  metWireMs: number | undefined;
  /** The way since the last sighting out of the band, the side of that one, and when a step of it met the wire. */
  passage: Passage | undefined;
  passageFrom: Side | undefined;
  passageMetMs: number | undefined;
  /** A clear step that is the only sighting on its side so far. */
  lone: Step | undefined;
};

/** `metWireMs` lies between two steps: the feet are taken to move evenly. */
export type Crossing = Readonly<{ direction: CrossedDirection; metWireMs: number; step: Step }>;

export type WireCrossing = Readonly<{
  /** The crossing that this sighting completes. */
  take: (glimpse: Glimpse) => Crossing | undefined;
  inherit: (from: number, to: number) => void;
  /** The crossing that the track's last sighting was. */
  end: (trackId: number) => Crossing | undefined;
  remembered: () => number;
}>;

export function wireSettings(
  wire: Pick<Tripwire, 'preset' | 'deadBandHeights' | 'settleSeconds'>,
): WireSettings {
  const preset = presets[wire.preset ?? 'balanced'];
  return {
    ...preset,
    ...(wire.deadBandHeights === undefined ? {} : { bandHeights: wire.deadBandHeights }),
    ...(wire.settleSeconds === undefined ? {} : { settleMs: wire.settleSeconds * 1000 }),
  };
}

export function createWireCrossing(
  points: readonly Point[],
  settings: WireSettings,
  aspectRatio: number,
): WireCrossing {
  const distanceOf = createWireDistance(points, aspectRatio);
  const wire = wireOf(points);
  const states = new Map<number, State>();
  return {
    take: (glimpse) => {
      const { trackId } = glimpse;
      let state = glimpse.afterBlindTime ? undefined : states.get(trackId);
      if (state === undefined) {
        state = unsettled();
        states.set(trackId, state);
      }
      const away = distanceOf(glimpse.x, glimpse.y) / glimpse.boxHeight;
      goOn(state, away, glimpse, wire, settings, aspectRatio);
      originate(state, away, settings);
      const side = settle(state, away, glimpse, settings);
      return side === undefined ? undefined : arrive(state, side, glimpse.step, settings);
    },
    inherit: (from, to) => passOn(states, from, to),
    end: (trackId) => {
      const state = states.get(trackId);
      states.delete(trackId);
      if (state?.lone === undefined || state.towards === undefined) return undefined;
      const { lone, towards } = state;
      return arrive(state, towards, () => lone, settings);
    },
    remembered: () => states.size,
  };
}

function unsettled(): State {
  return {
    settled: undefined,
    depth: 0,
    towards: undefined,
    sinceMs: 0,
    sightings: 0,
    awaySum: 0,
    metWireMs: undefined,
    passage: undefined,
    passageFrom: undefined,
    passageMetMs: undefined,
    lone: undefined,
  };
}

/** Follows the way through the band, and finds out where it met the wire when it has come out on the other side. */
function goOn(
  state: State,
  away: number,
  glimpse: Glimpse,
  wire: Wire,
  { bandHeights }: WireSettings,
  aspectRatio: number,
): void {
  if (state.passage === undefined) state.passage = startPassage(glimpse);
  else addToPassage(state.passage, glimpse);
  if (glimpse.isBridged) state.passageMetMs = meetingOfStep(glimpse, wire) ?? state.passageMetMs;
  if (Math.abs(away) <= bandHeights) return;
  const side: Side = away < 0 ? 'a' : 'b';
  if (state.passageFrom !== undefined && state.passageFrom !== side) {
    const isStraight =
      glimpse.mediaTimeMs - state.passage.fromMs <= longestBridgedMs &&
      unevenness(state.passage, aspectRatio) <= tremblingHeights * glimpse.boxHeight;
    const met = isStraight
      ? meetingMs(straightWay(state.passage, glimpse.mediaTimeMs), wire)
      : state.passageMetMs;
    state.metWireMs = met ?? state.metWireMs;
  }
  restartPassage(state.passage, glimpse);
  state.passageFrom = side;
  state.passageMetMs = undefined;
}

/**
 * Where a person comes from needs less proof than where it went: who steps into the picture beside the wire is on a side
 * at once, when clearly out of the band. A false start is still not a crossing, because the far side has to be settled.
 */
function originate(state: State, away: number, { bandHeights }: WireSettings): void {
  if (state.settled !== undefined || Math.abs(away) <= bandHeights * originBands) return;
  state.settled = away < 0 ? 'a' : 'b';
  state.depth = Math.abs(away);
}

/** The side on which the person is settled with this step; undefined within the band and while it is too early to say. */
function settle(
  state: State,
  away: number,
  glimpse: Glimpse,
  { bandHeights, settleMs, clearHeights }: WireSettings,
): Side | undefined {
  state.lone = undefined;
  if (Math.abs(away) <= bandHeights) {
    state.towards = undefined;
    return undefined;
  }
  const side: Side = away < 0 ? 'a' : 'b';
  const isClear = Math.abs(away) >= bandHeights + clearHeights;
  if (state.towards === side) {
    state.sightings += 1;
    state.awaySum += Math.abs(away);
    return isClear || glimpse.mediaTimeMs - state.sinceMs >= settleMs ? side : undefined;
  }
  state.towards = side;
  state.sinceMs = glimpse.mediaTimeMs;
  state.sightings = 1;
  state.awaySum = Math.abs(away);
  if (isClear) state.lone = glimpse.step();
  return settleMs === 0 ? side : undefined;
}

/** The person is settled on the side; the crossing, if that is one. */
function arrive(
  state: State,
  side: Side,
  step: () => Step,
  { bandHeights }: WireSettings,
): Crossing | undefined {
  const { settled, metWireMs } = state;
  const depth = state.awaySum / state.sightings;
  if (settled === side) {
    state.depth = Math.max(state.depth, depth);
    state.metWireMs = undefined;
    return undefined;
  }
  const hasMet = settled !== undefined && metWireMs !== undefined;
  if (hasMet && state.depth + depth < crossedBands * bandHeights) return undefined;
  Object.assign(state, { settled: side, depth, metWireMs: undefined });
  return hasMet
    ? { direction: side === 'b' ? 'a-to-b' : 'b-to-a', metWireMs, step: step() }
    : undefined;
}
