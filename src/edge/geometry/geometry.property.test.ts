/** Properties of the flat geometry that rules stand on. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Point } from '../../contract/shape.ts';
import { iou } from './iou.ts';
import { createZoneContains } from './polygon.ts';

/** On a fine grid, so that nothing is a matter of the last bit. */
const share = fc.nat(1000).map((parts) => parts / 1000);
const point: fc.Arbitrary<Point> = fc.tuple(share, share);
const outline = fc.array(point, { minLength: 3, maxLength: 12 });

/** Another way to the same answer: how often the outline winds round the point, odd or even; undefined close to it. */
function windsRound(points: readonly Point[], [x, y]: Point): boolean | undefined {
  let crossings = 0;
  for (const [at, [ax, ay]] of points.entries()) {
    const [bx, by] = points[(at + 1) % points.length] ?? [ax, ay];
    const cross = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
    const isWithin = Math.min(ax, bx) - 1e-9 <= x && x <= Math.max(ax, bx) + 1e-9;
    const isBeside = Math.min(ay, by) - 1e-9 <= y && y <= Math.max(ay, by) + 1e-9;
    if (Math.abs(cross) < 1e-9 && isWithin && isBeside) return undefined;
    if (ay <= y && by > y && cross > 0) crossings += 1;
    if (ay > y && by <= y && cross < 0) crossings -= 1;
  }
  return crossings % 2 !== 0;
}

describe('a zone', () => {
  test('contains what its outline goes round an odd number of times, however it is drawn', () => {
    fc.assert(
      fc.property(outline, point, (points, [x, y]) => {
        const due = windsRound(points, [x, y]);
        fc.pre(due !== undefined);
        expect(createZoneContains(points)(x, y)).toBe(due);
      }),
      { numRuns: 1000 },
    );
  });

  test('is the same from whichever corner it was drawn, either way round, and in a stretched picture', () => {
    fc.assert(
      fc.property(outline, point, fc.nat(11), (points, [x, y], first) => {
        fc.pre(windsRound(points, [x, y]) !== undefined);
        const due = createZoneContains(points)(x, y);
        const from = first % points.length;
        const turned = [...points.slice(from), ...points.slice(0, from)];
        expect(createZoneContains(turned)(x, y)).toBe(due);
        expect(createZoneContains(points.toReversed())(x, y)).toBe(due);
        const wide = points.map(([left, top]): Point => [left * 4, top]);
        expect(createZoneContains(wide)(x * 4, y)).toBe(due);
      }),
    );
  });

  test('contains nothing beyond its outermost corners', () => {
    fc.assert(
      fc.property(outline, fc.double({ min: 0.001, max: 9, noNaN: true }), (points, away) => {
        const contains = createZoneContains(points);
        const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
        for (const y of ys) {
          expect(contains(Math.max(...xs) + away, y)).toBe(false);
          expect(contains(Math.min(...xs) - away, y)).toBe(false);
        }
        for (const x of xs) expect(contains(x, Math.max(...ys) + away)).toBe(false);
      }),
    );
  });
});

const side = fc.integer({ min: 1, max: 500 }).map((parts) => parts / 1000);
const box = fc
  .tuple(share, share, side, side)
  .map(([left, top, width, height]) => ({ left, top, right: left + width, bottom: top + height }));

describe('the overlap of two boxes', () => {
  test('is between none and all, the same both ways, and all only of a box with itself', () => {
    fc.assert(
      fc.property(box, box, (a, b) => {
        const overlap = iou(a, b);
        expect(overlap).toBeGreaterThanOrEqual(0);
        expect(overlap).toBeLessThanOrEqual(1 + 1e-9);
        expect(iou(b, a)).toBeCloseTo(overlap, 12);
        expect(iou(a, a)).toBeCloseTo(1, 9);
        if (overlap > 1 - 1e-9) expect(a.left).toBeCloseTo(b.left, 6);
      }),
    );
  });

  test('does not change when the picture is stretched or moved', () => {
    fc.assert(
      fc.property(box, box, share, (a, b, shift) => {
        const moved = ({ left, top, right, bottom }: typeof a) => ({
          ...{ left: left * 3 + shift, right: right * 3 + shift },
          ...{ top: top - shift, bottom: bottom - shift },
        });
        expect(iou(moved(a), moved(b))).toBeCloseTo(iou(a, b), 6);
      }),
    );
  });
});
