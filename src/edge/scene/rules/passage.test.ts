/** Who walks along a wire at a small angle, with feet that tremble: the way as a whole says where it was crossed. */
import { expect, it } from 'vitest';
import type { Point } from '../../../contract/shape.ts';
import { eventsOf, trackedFrames } from '../../../testing/tracked-frames.ts';

const wire = {
  ruleId: 'wire',
  points: [
    [0.2, 0.5],
    [0.6, 0.5],
  ] as [number, number][],
};

/** From the right to the left, five places a second; the height of the person is a fifth of the picture. */
function crossings(places: readonly Point[]): number {
  const way = (atMs: number) => places[Math.round(atMs / 200)];
  const frames = trackedFrames([{ trackId: 1, way }], { seconds: places.length / 5 });
  return eventsOf({ tripwires: [wire] }, frames).length;
}

/** At a twentieth of the height off on either side of the straight line, by turns. */
const trembling = [
  0.43, 0.45, 0.47, 0.483, 0.488, 0.504, 0.496, 0.507, 0.499, 0.513, 0.525, 0.545, 0.57,
];
const goingDown = (fromX: number): readonly Point[] =>
  trembling.map((y, nth): Point => [fromX - 0.02 * nth, y]);

it.each<[string, number, number]>([
  ['beyond its end is no crossing, though one step met it', 0.73, 0],
  ['just within its end is one crossing', 0.69, 1],
  ['well within it is one crossing', 0.6, 1],
])('a wire passed at a small angle %s', (_name, fromX, expected) => {
  expect(crossings(goingDown(fromX))).toBe(expected);
});
