/** What every kind of rule is to the rules room: something that is shown steps and fires. */
import type { SceneEvent } from '../../../contract/rule-event.ts';
import type { Step } from './step.ts';

type Without<Event, Fields extends PropertyKey> = Event extends unknown
  ? Omit<Event, Fields>
  : never;

/** The part of an event that the kind of rule knows; the rest is the same for all. */
type Finding = Without<
  SceneEvent,
  | 'ruleId'
  | 'trackId'
  | 'personId'
  | 'label'
  | 'confidence'
  | 'box'
  | 'footPoint'
  | 'trail'
  | 'capturedAtMs'
  | 'mediaTimeMs'
>;

export type Firing = Readonly<{ finding: Finding; step: Step }>;

export type RuleWatcher = Readonly<{
  take: (step: Step) => readonly Firing[];
  /** Called once a frame after its steps, for what happens because time passes. */
  elapse: (nowMs: number) => readonly Firing[];
  /** The track `to` goes on where `from` was lost. */
  inherit: (from: number, to: number) => void;
  /** The track will not come back. */
  end: (trackId: number, nowMs: number) => readonly Firing[];
  /** How many tracks or persons are kept in mind. */
  remembered: () => number;
}>;

export const nothing: readonly Firing[] = [];

/** Moves what is kept under one track number to another. */
export function passOn<State>(states: Map<number, State>, from: number, to: number): void {
  const state = states.get(from);
  if (state === undefined) return;
  states.delete(from);
  states.set(to, state);
}
