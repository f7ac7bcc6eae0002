import fc from 'fast-check';
import munkres from 'munkres';
import { expect, it } from 'vitest';
import { assign } from './assignment.ts';

const none = 1;

it.each<[string, number[][], [number, number][]]>([
  [
    'the cheaper sum and not the cheapest pair',
    [
      [0.1, 0.2],
      [0.2, 0.9],
    ],
    [
      [0, 1],
      [1, 0],
    ],
  ],
  [
    'nobody when all cost too much',
    [
      [1, 2],
      [1.5, 1],
    ],
    [],
  ],
  ['one of two who want the same', [[0.5], [0.3]], [[1, 0]]],
  [
    'two groups apart',
    [
      [0.1, none, none],
      [none, 0.2, 0.4],
    ],
    [
      [0, 0],
      [1, 1],
    ],
  ],
])('assigns %s', (_, costs, pairs) => {
  expect([...assign(costs, none)].sort()).toEqual(pairs);
});

it('assigning group by group costs as little as assigning all at once', () => {
  const cost = fc.oneof(fc.constant(none), fc.double({ min: 0, max: 0.99, noNaN: true }));
  const matrix = fc
    .record({ rows: fc.integer({ min: 1, max: 7 }), columns: fc.integer({ min: 1, max: 7 }) })
    .chain(({ rows, columns }) =>
      fc.array(fc.array(cost, { minLength: columns, maxLength: columns }), {
        minLength: rows,
        maxLength: rows,
      }),
    );
  fc.assert(
    fc.property(matrix, (costs) => {
      const gain = (pairs: readonly (readonly [number, number])[]) =>
        pairs.reduce((sum, [row, column]) => sum + none - (costs[row]?.[column] ?? none), 0);
      const pairs = assign(costs, none);
      expect(new Set(pairs.map(([row]) => row)).size).toBe(pairs.length);
      expect(new Set(pairs.map(([, column]) => column)).size).toBe(pairs.length);
      expect(gain(pairs)).toBeCloseTo(gain(munkres(costs)), 9);
    }),
  );
});
