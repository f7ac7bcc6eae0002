/** A person: one identity over several tracks. */

/** How sure it is that the track belongs to the person: it began the identity, or was linked to it. */
export type PersonLink = 'same-track' | 'certain' | 'probable';

/** Answers for any track; without identification every track is a person of its own. */
export type Persons = Readonly<{
  personOf: (trackId: number) => Readonly<{ personId: number; link: PersonLink }>;
}>;
