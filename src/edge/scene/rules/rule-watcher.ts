/** What every kind of rule is to the rules room: something that is shown glimpses and fires. */
import type { Pass, SceneEvent } from '../../../contract/rule-event.ts';
import type { Persons } from '../identity/person.ts';
import type { Glimpse, Step } from './step.ts';

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
  take: (glimpse: Glimpse, persons: Persons) => readonly Firing[];
  /** Called once a frame after its glimpses, for what happens because time passes. */
  elapse: (nowMs: number) => readonly Firing[];
  /** The track `to` goes on where `from` was lost. */
  inherit: (from: number, to: number) => void;
  /** The track will not come back. */
  end: (trackId: number, nowMs: number, persons: Persons) => readonly Firing[];
  /** Passes that began in the frame that was shown last; only watch points have them. */
  begunPasses?: () => readonly Pass[];
  /** How many tracks, passes and crossings are kept in mind. */
  remembered: () => number;
}>;

/** What of the picture and of the day the rule is for. Whatever fires is asked once more by the rules room. */
export type Scope = Readonly<{
  /** Sure enough, and of the wanted size. */
  admits: (step: Step) => boolean;
  isInForce: (capturedAtMs: number) => boolean;
}>;

export const nothing: readonly Firing[] = [];

/** Moves what is kept under one track number to another. */
export function passOn<State>(states: Map<number, State>, from: number, to: number): void {
  const state = states.get(from);
  if (state === undefined) return;
  states.delete(from);
  states.set(to, state);
}

/**
 * The person of something that a track did, as it is known now: tracks are linked to persons, and persons joined, after
 * the fact. An identity that has forgotten an ended track takes it for a person of its own; then the last answer stands.
 */
export function personNow(
  { trackId, personId }: Readonly<{ trackId: number; personId: number }>,
  persons: Persons,
): number {
  const now = persons.personOf(trackId);
  return now.personId === trackId && now.link === 'same-track' ? personId : now.personId;
}
