/** Geometry of what is drawn over a picture. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  crossesItself,
  distance,
  moved,
  nearestSegment,
  side,
  toPoint,
  toSpot,
  wireMiddle,
} from './picture-geometry.ts';

const at = (x: number, y: number) => ({ x, y });
const coordinate = fc.integer({ min: 0, max: 1000 });
const spot = fc.record({ x: coordinate, y: coordinate });

describe('picture geometry', () => {
  it('puts side A above a wire that is drawn from left to right', () => {
    expect(wireMiddle([at(0, 50), at(100, 50)])).toEqual({
      at: at(50, 50),
      towardsA: at(0, -1),
    });
  });

  it('puts side A where the rule says that it is, whatever way the wire runs', () => {
    fc.assert(
      fc.property(spot, spot, (a, b) => {
        fc.pre(distance(a, b) > 1);
        const middle = wireMiddle([a, b]);
        if (middle === undefined) throw new Error('a wire with length has a middle');
        expect(side(a, b, moved(middle.at, middle.towardsA, 10))).toBeLessThan(0);
        expect(side(a, b, moved(middle.at, middle.towardsA, -10))).toBeGreaterThan(0);
        expect(Math.hypot(middle.towardsA.x, middle.towardsA.y)).toBeCloseTo(1);
      }),
    );
  });

  it('finds the middle of a bent wire along its length', () => {
    expect(wireMiddle([at(0, 0), at(10, 0), at(10, 30)])?.at).toEqual(at(10, 10));
  });

  it('has no middle for a wire without length', () => {
    expect(wireMiddle([at(3, 3), at(3, 3)])).toBeUndefined();
    expect(wireMiddle([])).toBeUndefined();
  });

  it('comes back to the same point from any size of picture', () => {
    const fraction = fc.integer({ min: 0, max: 10_000 }).map((value) => value / 10_000);
    fc.assert(
      fc.property(fraction, fraction, fc.integer({ min: 100, max: 4000 }), (x, y, width) => {
        const size = { width, height: width * 0.75 };
        expect(toPoint(toSpot([x, y], size), size)).toEqual([x, y]);
      }),
    );
  });

  it('keeps points inside the picture', () => {
    expect(toPoint(at(-5, 900), { width: 800, height: 600 })).toEqual([0, 1]);
  });

  it('finds the segment that a new point belongs to, also the closing one of a zone', () => {
    const corners = [at(0, 0), at(100, 0), at(100, 100)];
    expect(nearestSegment(corners, at(97, 60), false)?.index).toBe(1);
    expect(nearestSegment(corners, at(45, 50), true)?.index).toBe(2);
    expect(nearestSegment([at(0, 0)], at(1, 1), false)).toBeUndefined();
  });

  it.each([
    ['a bend', [at(0, 0), at(10, 0), at(10, 10)], false, false],
    ['a bow tie', [at(0, 0), at(10, 10), at(10, 0), at(0, 10)], false, true],
    ['a square', [at(0, 0), at(10, 0), at(10, 10), at(0, 10)], true, false],
    ['a zone whose sides cross', [at(0, 0), at(10, 10), at(10, 0), at(0, 10)], true, true],
  ])('tells whether %s crosses itself', (_, spots, closed, expected) => {
    expect(crossesItself(spots, closed)).toBe(expected);
  });
});
