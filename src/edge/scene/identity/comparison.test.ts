/** Comparing in steps and by outlines gives the same as comparing everything with everything, where it matters. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seededRandom } from '../../../testing/walks.ts';
import { startComparisons } from './comparison.ts';
import { identityConstants as constants } from './identity-settings.ts';
import { type Look, learnLook, likeness } from './look.ts';
import { outlineOf } from './looks-outline.ts';

const length = 24;

function unit(values: readonly number[]): Float32Array {
  const size = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / size);
}

/** Sightings of somebody: of a look of their own, with something of everybody's and something new each time. */
function sightings(random: () => number, own: readonly number[], count: number) {
  return Array.from({ length: count }, () =>
    unit(own.map((value) => 0.7 + value + 0.8 * (random() - 0.5))),
  );
}

it('a comparison in steps is the whole comparison wherever a link could come of it', () => {
  let [compared, left] = [0, 0];
  const property = fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
    const random = seededRandom(seed);
    const somebody = () => Array.from({ length }, () => 2 * (random() - 0.5));
    const [own, others] = [somebody(), somebody()];
    const learn = (looks: readonly Look[], seen: Float32Array) => learnLook(looks, seen, 0.7);
    const isSame = random() < 0.5;
    const gone = sightings(random, isSame ? own : others, 1 + Math.floor(random() * 20));
    const looks = gone.reduce<readonly Look[]>(learn, []);
    const other = { trackId: 7, outline: outlineOf(looks) };
    const comparisons = startComparisons();
    let mine: readonly Look[] = [];
    for (const [nth, seen] of sightings(random, own, 40).entries()) {
      mine = learn(mine, seen);
      if (random() < 0.5) continue;
      const whole = likeness(mine, looks);
      const found = comparisons.likeness(mine, other, nth);
      // From here on a score could come within a link's lead of the least that makes a link.
      const matters = constants.strangerSimilarity + (1 - constants.strangerSimilarity) * 0.46;
      if (whole >= matters) expect(found).toBeCloseTo(whole, 6);
      else expect(found).toBeLessThan(matters + 1e-6);
      compared += 1;
      if (found === 0) left += 1;
    }
  });
  fc.assert(property, { numRuns: 200, seed: 20_261_124 });
  expect(compared).toBeGreaterThan(2000);
  expect(left).toBeGreaterThan(compared / 20);
});
