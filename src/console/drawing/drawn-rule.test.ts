/** Changing drawn rules. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCheck } from '../../contract/check.ts';
import { CameraRules } from '../../contract/rule.ts';
import {
  type Drawn,
  newRule,
  pointsOf,
  toCameraRules,
  toDrawn,
  withInsertedPoint,
  withMovedShape,
  withoutPoint,
  withRadius,
} from './drawn-rule.ts';
import { ruleNamed, withField } from './rule-with.ts';
import { beside } from './second-wire.ts';

const check = createCheck(CameraRules);
const wire = newRule('tripwire', 'tripwire-1', [
  [0.2, 0.2],
  [0.6, 0.6],
]);
const zone = newRule('zone', 'zone-1', [
  [0.2, 0.2],
  [0.6, 0.2],
  [0.6, 0.6],
]);
const watchPoint = newRule('watch-point', 'watch-point-1', [[0.5, 0.5]]);
const mask = newRule('mask', 'mask-1', [
  [0, 0],
  [0.2, 0],
  [0.2, 0.2],
]);
const all: readonly Drawn[] = [wire, zone, watchPoint, mask];

describe('drawn rule', () => {
  it('comes back the same from the contract', () => {
    expect(toDrawn(toCameraRules(all))).toEqual(all);
  });

  it('stays within the contract wherever it is moved', () => {
    const by = fc.double({ min: -2, max: 2, noNaN: true });
    fc.assert(
      fc.property(by, by, fc.constantFrom(...all), (dx, dy, drawn) => {
        const there = withMovedShape(drawn, dx, dy);
        expect(check(toCameraRules([there]))).toMatchObject({ ok: true });
      }),
    );
  });

  it('takes its second wire with it, and stops where either of the two meets the edge', () => {
    const second = { points: [...beside(pointsOf(wire))], mostSeconds: 20 };
    const both = { ...wire, rule: { ...wire.rule, secondWire: second } } as Drawn;
    const secondOf = (drawn: Drawn) =>
      drawn.kind === 'tripwire' ? drawn.rule.secondWire : undefined;
    expect(secondOf(withMovedShape(both, 0.1, -0.1))).toEqual({
      mostSeconds: 20,
      points: [
        [0.4, 0.1],
        [0.8, 0.5],
      ],
    });
    const pushed = withMovedShape(both, 1, 0);
    expect(secondOf(pushed)?.points[1]).toEqual([1, 0.6]);
    expect(pointsOf(pushed)[1]).toEqual([0.9, 0.6]);
  });

  it('keeps its shape when it is pushed against the edge', () => {
    expect(pointsOf(withMovedShape(wire, 1, 0))).toEqual([
      [0.6, 0.2],
      [1, 0.6],
    ]);
  });

  it('takes a new point where it was asked for, and gives it back', () => {
    const size = { width: 1000, height: 1000 };
    const bent = withInsertedPoint(wire, { x: 400, y: 350 }, size);
    expect(pointsOf(bent)).toEqual([
      [0.2, 0.2],
      [0.4, 0.35],
      [0.6, 0.6],
    ]);
    expect(withoutPoint(bent, 1)).toEqual(wire);
  });

  it('keeps the points that it cannot do without', () => {
    expect(withoutPoint(wire, 0)).toBe(wire);
    expect(withoutPoint(zone, 0)).toBe(zone);
    expect(withoutPoint(watchPoint, 0)).toBe(watchPoint);
  });

  it('keeps the radius within the contract', () => {
    const radii = [-1, 0, 0.05, 7].map((radius) => toCameraRules([withRadius(watchPoint, radius)]));
    for (const rules of radii) expect(check(rules)).toMatchObject({ ok: true });
    expect(withRadius(wire, 0.5)).toBe(wire);
  });

  it('takes an emptied field away instead of leaving it empty', () => {
    const named = ruleNamed(wire, '巷口');
    expect(named.rule.name).toBe('巷口');
    expect('name' in ruleNamed(named, undefined).rule).toBe(false);
    expect(withField({ a: 1, b: 2 }, 'b', undefined)).toEqual({ a: 1 });
  });
});
