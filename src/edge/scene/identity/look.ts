/**
 * What a track looks like, as a few mean appearance vectors: people look different from behind, near by and in the shade,
 * and one mean of it all would look like nobody. Each covers some seconds of being well seen; when there are too many,
 * the two that are most alike become one.
 */
import { mixed, similarityOf } from '../tracking/appearance.ts';
import { identityConstants as constants } from './identity-settings.ts';

/** `mean` is of unit length; `seconds` of being well seen went into it. */
export type Look = Readonly<{ mean: Float32Array; seconds: number }>;

/** The newest is the last; it takes up the vector until it covers enough time. */
export function learnLook(
  looks: readonly Look[],
  seen: Float32Array,
  seconds: number,
): readonly Look[] {
  const newest = looks.at(-1);
  const fresh = { mean: seen, seconds };
  if (newest === undefined || newest.mean.length !== seen.length) return [fresh];
  if (newest.seconds < constants.lookSpanSeconds)
    return [...looks.slice(0, -1), joined(newest, fresh)];
  return [...thinned(looks), fresh];
}

/** Cosine of the two looks that are most alike; 0 when nothing can be compared. */
export function likeness(some: readonly Look[], others: readonly Look[]): number {
  let most = 0;
  for (const look of some) most = Math.max(most, likenessOfLook(look, others));
  return most;
}

function likenessOfLook({ mean }: Look, others: readonly Look[]): number {
  let most = 0;
  for (const other of others) {
    if (other.mean.length === mean.length) most = Math.max(most, similarityOf(mean, other.mean));
  }
  return most;
}

function thinned(looks: readonly Look[]): readonly Look[] {
  if (looks.length < constants.mostLooks) return looks;
  let closest = { first: 0, second: 1, similarity: -1 };
  for (const [second, { mean }] of looks.entries()) {
    for (const [first, other] of looks.slice(0, second).entries()) {
      const similarity = similarityOf(mean, other.mean);
      if (similarity > closest.similarity) closest = { first, second, similarity };
    }
  }
  const [first, second] = [looks[closest.first], looks[closest.second]];
  if (first === undefined || second === undefined) return looks;
  return [...looks.filter((look) => look !== first && look !== second), joined(first, second)];
}

function joined(a: Look, b: Look): Look {
  const seconds = a.seconds + b.seconds;
  return { mean: mixed(a.mean, b.mean, seconds > 0 ? b.seconds / seconds : 0.5), seconds };
}
