/** A person: one identity over several tracks. */
import type { TrackedFrame } from '../tracking/track.ts';

/** How sure it is that the track belongs to the person: it began the identity, or was linked to it. */
export type PersonLink = 'same-track' | 'certain' | 'probable';

/**
 * Answers for any track, also for one that has ended; a track that is not known, or no more, is a person of its own.
 * The answer may change while a track is young: who asks later gets the better answer.
 */
export type Persons = Readonly<{
  personOf: (trackId: number) => Readonly<{ personId: number; link: PersonLink }>;
}>;

/** Persons that are found out by looking at every frame. */
export type Identity = Persons &
  Readonly<{
    /** Called once for each frame, before anybody asks about it. */
    observe: (frame: TrackedFrame) => void;
    /** How many persons, tracks and comparisons are remembered. */
    remembered: () => number;
  }>;
