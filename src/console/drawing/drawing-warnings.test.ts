/** Warnings about what is drawn. */
import { describe, expect, it } from 'vitest';
import { type DrawingWarning, drawingWarnings } from './drawing-warnings.ts';
import { newRule, type RulePoint } from './drawn-rule.ts';
import { ruleNamed } from './rule-with.ts';

const warningsOf = (
  kind: 'tripwire' | 'zone' | 'watch-point',
  points: readonly RulePoint[],
  radius?: number,
): readonly DrawingWarning[] =>
  drawingWarnings(ruleNamed(newRule(kind, `${kind}-1`, points, radius), '东巷口'), 4 / 3, 0.2);

describe('drawing warnings', () => {
  it.each<[string, readonly RulePoint[], readonly DrawingWarning[]]>([
    [
      'a wire across the whole picture',
      [
        [0, 0.5],
        [1, 0.5],
      ],
      [],
    ],
    [
      'a wire along the upper edge',
      [
        [0.1, 0.01],
        [0.9, 0.01],
      ],
      ['near-edge'],
    ],
    [
      'a wire along the right edge',
      [
        [0.99, 0.1],
        [0.99, 0.9],
      ],
      ['near-edge'],
    ],
    [
      'a wire shorter than half a person',
      [
        [0.5, 0.5],
        [0.55, 0.5],
      ],
      ['too-short'],
    ],
    [
      'a wire that crosses itself',
      [
        [0.2, 0.2],
        [0.6, 0.6],
        [0.6, 0.2],
        [0.2, 0.6],
      ],
      ['crossing-itself'],
    ],
  ])('of %s', (_, points, expected) => {
    expect(warningsOf('tripwire', points)).toEqual(expected);
  });

  it('of a zone and a watch point that one step leads across', () => {
    expect(
      warningsOf('zone', [
        [0.5, 0.5],
        [0.52, 0.5],
        [0.52, 0.9],
      ]),
    ).toEqual(['too-small']);
    expect(warningsOf('watch-point', [[0.5, 0.5]], 0.02)).toEqual(['too-small']);
    expect(warningsOf('watch-point', [[0.5, 0.5]], 0.08)).toEqual([]);
  });

  it('of a zone whose outline crosses itself', () => {
    const bowTie: readonly RulePoint[] = [
      [0.2, 0.2],
      [0.6, 0.6],
      [0.6, 0.2],
      [0.2, 0.6],
    ];
    expect(warningsOf('zone', bowTie)).toEqual(['outline-crossing']);
  });

  it('of a rule without a name', () => {
    const wire = newRule('tripwire', 'tripwire-1', [
      [0.2, 0.5],
      [0.8, 0.5],
    ]);
    expect(drawingWarnings(wire, 4 / 3, 0.2)).toEqual(['no-name']);
  });
});
