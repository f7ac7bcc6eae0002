/**
 * Tripwire: settled on one side, then settled on the other, and the way between met the drawn line itself.
 * Around the line lies a dead band, measured in box heights, in which nobody is on a side; a side is settled after a
 * time in it, or at once by a clear step beyond the band. Afterwards the wire is armed again for the same person.
 */
import type { Tripwire } from '../../../contract/rule.ts';
import { type Point, segmentsCross } from '../../../contract/shape.ts';
import { signedDistance, toGround } from '../../geometry/ground.ts';
import { nothing, passOn, type RuleWatcher } from './rule-watcher.ts';
import type { Step } from './step.ts';

type Side = 'a' | 'b';
type TripwireSettings = Readonly<{ bandHeights: number; settleMs: number; clearHeights: number }>;

/** Half width of the band, time to settle, and the step beyond the band that settles at once. */
const tripwirePresets: Readonly<Record<'loose' | 'balanced' | 'strict', TripwireSettings>> = {
  loose: { bandHeights: 0.05, settleMs: 150, clearHeights: 0.1 },
  balanced: { bandHeights: 0.1, settleMs: 300, clearHeights: 0.2 },
  strict: { bandHeights: 0.2, settleMs: 600, clearHeights: 0.5 },
};

/** How far from the wire, in half widths of the band, a person's first side is believed. */
const originBands = 1.5;

type State = {
  settled: Side | undefined;
  /** The side on which the last step was, and since when without interruption. */
  towards: Side | undefined;
  sinceMs: number;
  /** Whether the way since the person was last settled has met the wire. */
  hasMetWire: boolean;
};

function tripwireSettings(wire: Tripwire): TripwireSettings {
  const preset = tripwirePresets[wire.preset ?? 'balanced'];
  return {
    ...preset,
    ...(wire.deadBandHeights === undefined ? {} : { bandHeights: wire.deadBandHeights }),
    ...(wire.settleSeconds === undefined ? {} : { settleMs: wire.settleSeconds * 1000 }),
  };
}

export function createTripwireWatcher(wire: Tripwire, aspectRatio: number): RuleWatcher {
  const settings = tripwireSettings(wire);
  const line = wire.points.map((point) => toGround(point, aspectRatio));
  const wanted = wire.direction ?? 'both';
  const states = new Map<number, State>();

  return {
    take: (step) => {
      const state =
        (step.afterBlindTime ? undefined : states.get(step.track.trackId)) ?? unsettled();
      states.set(step.track.trackId, state);
      state.hasMetWire ||= meetsWire(step, wire.points);
      const away = signedDistance(toGround(step.footPoint, aspectRatio), line) / step.boxHeight;
      state.settled ??= originOf(away, settings);
      const side = settle(state, away, step.mediaTimeMs, settings);
      if (side === undefined) return nothing;

      const isCrossing = state.settled !== undefined && state.settled !== side && state.hasMetWire;
      state.settled = side;
      state.hasMetWire = false;
      const direction = side === 'b' ? 'a-to-b' : 'b-to-a';
      if (!isCrossing || (wanted !== 'both' && wanted !== direction)) return nothing;
      return [{ finding: { kind: 'tripwire-crossed', direction }, step }];
    },
    elapse: () => nothing,
    inherit: (from, to) => passOn(states, from, to),
    end: (trackId) => {
      states.delete(trackId);
      return nothing;
    },
    remembered: () => states.size,
  };
}

function unsettled(): State {
  return { settled: undefined, towards: undefined, sinceMs: 0, hasMetWire: false };
}

/**
 * Where a person comes from needs less proof than where it went: who steps into the picture beside the wire is on a side
 * at once, when clearly out of the band. A false start is still not a crossing, because the far side has to be settled.
 */
function originOf(away: number, { bandHeights }: TripwireSettings): Side | undefined {
  if (Math.abs(away) <= bandHeights * originBands) return undefined;
  return away < 0 ? 'a' : 'b';
}

/** The side on which the person is settled with this step; undefined within the band and while it is too early to say. */
function settle(
  state: State,
  away: number,
  atMs: number,
  { bandHeights, settleMs, clearHeights }: TripwireSettings,
): Side | undefined {
  if (Math.abs(away) <= bandHeights) {
    state.towards = undefined;
    return undefined;
  }
  const side: Side = away < 0 ? 'a' : 'b';
  if (state.towards !== side) {
    state.towards = side;
    state.sinceMs = atMs;
  }
  const isClear = Math.abs(away) >= bandHeights + clearHeights;
  return isClear || atMs - state.sinceMs >= settleMs ? side : undefined;
}

function meetsWire({ before, footPoint }: Step, points: readonly Point[]): boolean {
  if (before === undefined) return false;
  const way = [before.footPoint, footPoint] as const;
  return points.some((point, at) => {
    const next = points[at + 1];
    return next !== undefined && segmentsCross(way, [point, next]);
  });
}
