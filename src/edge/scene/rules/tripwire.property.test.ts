/** What no tripwire may depend on: where in the picture it is, which side is which, how time runs, how fast frames come. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Point } from '../../../contract/shape.ts';
import { eventsOf, pictureRatio, trackedFrames } from '../../../testing/tracked-frames.ts';
import { judgeWalk, trueCrossings, type Walk } from '../../../testing/walk-truth.ts';
import {
  detect,
  randomWalk,
  seededRandom,
  toFraction,
  walkPicture,
} from '../../../testing/walks.ts';
import { createScene } from '../scene.ts';

type Told = Readonly<{ direction: string; atMs: number }>;
type Change = (point: Point) => Point;

const asItIs: Change = (point) => point;
const runs = { numRuns: 100, seed: 20_261_124 };
/** Decided by 15 px: what remains must not change with anything. */
const decided = fc
  .integer({ min: 1, max: 100_000 })
  .map((seed) => randomWalk(seededRandom(seed), 1, 15));

/** The rules alone, on noiseless tracks. */
function told(
  { wire, walkers }: Walk,
  {
    change = asItIs,
    fps = 5,
    backwards = false,
  }: { change?: Change; fps?: number; backwards?: boolean } = {},
): readonly Told[] {
  const points = wire.map((spot) => change(toFraction(spot)));
  const people = walkers.map((walker, index) => ({
    trackId: index + 1,
    height: walker.heightPx / walkPicture.height,
    way: (atMs: number) => change(toFraction(walker.at(backwards ? 30_000 - atMs : atMs))),
  }));
  const tripwire = { ruleId: 'wire', points: points.map(([x, y]): [number, number] => [x, y]) };
  return eventsOf({ tripwires: [tripwire] }, trackedFrames(people, { fps, seconds: 30 })).flatMap(
    (event) =>
      event.kind === 'tripwire-crossed'
        ? [{ direction: event.direction, atMs: event.mediaTimeMs }]
        : [],
  );
}

const directions = (crossings: readonly { direction: string }[]) =>
  crossings.map(({ direction }) => direction);
const turned = (direction: string) => (direction === 'a-to-b' ? 'b-to-a' : 'a-to-b');

describe('crossings of a noiseless walk', () => {
  it('are the true ones', () => {
    const property = fc.property(decided, (walk) => {
      const truth = walk.walkers.flatMap((walker) => trueCrossings(walker, walk.wire));
      expect(directions(told(walk))).toEqual(directions(truth));
    });
    fc.assert(property, runs);
  });

  it('do not change when picture and wire are moved', () => {
    const property = fc.property(
      decided,
      fc.double({ min: -0.5, max: 0.5, noNaN: true }),
      (walk, by) => {
        expect(told(walk, { change: ([x, y]) => [x + by, y - by] })).toEqual(told(walk));
      },
    );
    fc.assert(property, runs);
  });

  it('turn round when the picture is mirrored: left is right then', () => {
    const property = fc.property(decided, (walk) => {
      const mirrored = told(walk, { change: ([x, y]) => [1 - x, y] });
      expect(directions(mirrored)).toEqual(directions(told(walk)).map(turned));
    });
    fc.assert(property, runs);
  });

  it('turn round, the last first, when time runs backwards', () => {
    const property = fc.property(decided, (walk) => {
      const backwards = directions(told(walk, { backwards: true }));
      expect(backwards).toEqual(directions(told(walk)).map(turned).reverse());
    });
    fc.assert(property, runs);
  });

  it('are as many at any rate of frames', () => {
    const property = fc.property(decided, fc.constantFrom(3, 4, 7, 10, 25), (walk, fps) => {
      expect(directions(told(walk, { fps }))).toEqual(directions(told(walk)));
    });
    fc.assert(property, runs);
  });
});

/** Through the real tracker: every fifth detection missing and 5 px of noise. The script bench-walks runs ten thousand. */
describe('random walks', () => {
  it.each([
    [1, 200],
    [2, 100],
  ])('of %i at a time are told right in at least 99 of 100', (people, scenes) => {
    let right = 0;
    for (let seed = 1; seed <= scenes; seed += 1) {
      const walk = randomWalk(seededRandom(seed * 2), people, 15);
      const rights = judgeWalk(
        walk,
        watch(walk, detect(walk, seededRandom(seed * 2 + 1), 5, { droppedShare: 0.2, noisePx: 5 })),
      );
      right += rights.filter((isRight) => isRight).length;
    }
    expect(right / (scenes * people)).toBeGreaterThanOrEqual(0.99);
  });

  it.each([0, 5, 9])(
    'within the band, swaying by %i px, for ten minutes are no crossing',
    (byPx) => {
      const wire: Walk['wire'] = [
        { x: 384, y: 150 },
        { x: 384, y: 550 },
      ];
      const swaying = {
        heightPx: 100,
        at: (atMs: number) => ({ x: 384 + byPx * Math.sin(atMs / 3000), y: 400 }),
      };
      const walk = { wire, walkers: [swaying] };
      const frames = detect(walk, seededRandom(7), 5, { droppedShare: 0.2, noisePx: 5 }, 600_000);
      expect(watch(walk, frames)).toEqual([]);
    },
  );
});

function watch({ wire }: Walk, frames: ReturnType<typeof detect>) {
  const { width, height } = walkPicture;
  const points = wire.map(toFraction).map(([x, y]): [number, number] => [x, y]);
  const rules = { schemaVersion: 1 as const, tripwires: [{ ruleId: 'wire', points }] };
  const scene = createScene({ rules, aspectRatio: pictureRatio });
  return frames.flatMap(({ atMs, detections }) =>
    scene.observe({ detections, mediaTimeMs: atMs, capturedAtMs: atMs }).events.flatMap((event) => {
      if (event.kind !== 'tripwire-crossed') return [];
      const spot = { x: event.footPoint[0] * width, y: event.footPoint[1] * height };
      return [{ direction: event.direction, atMs: event.mediaTimeMs, spot }];
    }),
  );
}
