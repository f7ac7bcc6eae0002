/**
 * Whether people who leave the picture and return are known again, and whether anybody is taken for somebody else.
 *
 * The person id of a true id is the one under which most of its matched frames were found (overlap of at least a half).
 * A true id is a return when its person has an earlier one. A return is
 *   right  when its person id is that of an earlier true id of the same person,
 *   wrong  when it is not, but is that of an earlier true id of somebody else,
 *   none   when it is a new one, or when the return was never found.
 * A wrong merge is a pair of true ids of different people under one person id. Two true ids are different people when they
 * are seen in the same frame, or when the truth names the person of at least one of them and not the same for both:
 * it names all ids of a person or none. Of two unnamed ones that never meet nothing is known; they count as nothing.
 */
import { matchedPairs } from './matched-pairs.ts';
import type { Sequence } from './sequence.ts';

/** A person of the truth and all the true ids under which it appears. */
export type TruePerson = Readonly<{ person: string; ids: readonly number[] }>;

type Verdict = 'right' | 'wrong' | 'none';
type Return = Readonly<{ person: string; trueId: number; verdict: Verdict }>;

export type ReidentificationScore = Readonly<{
  right: number;
  wrong: number;
  none: number;
  returns: readonly Return[];
  wrongMerges: readonly (readonly [trueId: number, otherTrueId: number])[];
}>;

/** The found ids of `sequence` are person ids. */
export function reidentificationOf(
  sequence: Sequence,
  persons: readonly TruePerson[],
): ReidentificationScore {
  const known = { personOf: namesOf(persons), together: pairsSeenTogether(sequence) };
  const found = personIdsOf(sequence);
  const inOrder = firstSeen(sequence);
  const returns = inOrder.flatMap((trueId, index): readonly Return[] => {
    const person = known.personOf.get(trueId);
    const earlier = inOrder.slice(0, index);
    const isReturn = earlier.some((other) => known.personOf.get(other) === person);
    if (person === undefined || !isReturn) return [];
    return [{ person, trueId, verdict: verdictOn(trueId, earlier, found, known) }];
  });
  const count = (verdict: Verdict) => returns.filter((one) => one.verdict === verdict).length;
  return {
    right: count('right'),
    wrong: count('wrong'),
    none: count('none'),
    returns,
    wrongMerges: wrongMergesOf(inOrder, found, known),
  };
}

type Known = Readonly<{
  personOf: ReadonlyMap<number, string>;
  together: ReadonlySet<string>;
}>;

function verdictOn(
  trueId: number,
  earlier: readonly number[],
  found: ReadonlyMap<number, number>,
  known: Known,
): Verdict {
  const personId = found.get(trueId);
  const sharing = earlier.filter(
    (other) => personId !== undefined && found.get(other) === personId,
  );
  if (sharing.some((other) => known.personOf.get(other) === known.personOf.get(trueId))) {
    return 'right';
  }
  return sharing.some((other) => areDifferent(trueId, other, known)) ? 'wrong' : 'none';
}

function wrongMergesOf(
  trueIds: readonly number[],
  found: ReadonlyMap<number, number>,
  known: Known,
): readonly (readonly [number, number])[] {
  return trueIds.flatMap((one, index) =>
    trueIds
      .slice(index + 1)
      .filter((other) => found.has(one) && found.get(one) === found.get(other))
      .filter((other) => areDifferent(one, other, known))
      .map((other) => [one, other] as const),
  );
}

function areDifferent(one: number, other: number, { personOf, together }: Known): boolean {
  return personOf.get(one) !== personOf.get(other) || together.has(pairKey(one, other));
}

function namesOf(persons: readonly TruePerson[]): ReadonlyMap<number, string> {
  return new Map(persons.flatMap(({ person, ids }) => ids.map((id) => [id, person] as const)));
}

/** The person id of most matched frames, for each true id that was found at all. */
function personIdsOf(sequence: Sequence): ReadonlyMap<number, number> {
  const frames = new Map<number, Map<number, number>>();
  for (const frame of sequence) {
    for (const [trueId, personId] of matchedPairs(frame)) {
      const counts = frames.get(trueId) ?? new Map<number, number>();
      frames.set(trueId, counts.set(personId, (counts.get(personId) ?? 0) + 1));
    }
  }
  return new Map(
    [...frames].flatMap(([trueId, counts]) => {
      const [most] = [...counts].sort((a, b) => b[1] - a[1]);
      return most === undefined ? [] : [[trueId, most[0]] as const];
    }),
  );
}

function firstSeen(sequence: Sequence): readonly number[] {
  return [...new Set(sequence.flatMap((frame) => frame.trueIds))];
}

function pairsSeenTogether(sequence: Sequence): ReadonlySet<string> {
  const pairs = sequence.flatMap(({ trueIds }) =>
    trueIds.flatMap((one) => trueIds.map((other) => pairKey(one, other))),
  );
  return new Set(pairs);
}

function pairKey(one: number, other: number): string {
  return `${Math.min(one, other)}/${Math.max(one, other)}`;
}
