/** Warnings about what is drawn. */
import { describe, expect, it } from 'vitest';
import { type DrawingWarning, drawingWarnings, type Surroundings } from './drawing-warnings.ts';
import { newRule, type RulePoint } from './drawn-rule.ts';
import { ruleNamed } from './rule-with.ts';

const usual: Surroundings = { aspectRatio: 4 / 3, personHeight: 0.2 };
const warningsOf = (
  kind: 'tripwire' | 'zone' | 'watch-point',
  points: readonly RulePoint[],
  radius?: number,
  surroundings: Partial<Surroundings> = {},
): readonly DrawingWarning[] =>
  drawingWarnings(ruleNamed(newRule(kind, `${kind}-1`, points, radius), '东巷口'), {
    ...usual,
    ...surroundings,
  });

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
    expect(drawingWarnings(wire, usual)).toEqual(['no-name']);
  });

  const across = (y: number): readonly RulePoint[] => [
    [0.1, y],
    [0.9, y],
  ];

  it('of a watch point wider than the lane', () => {
    expect(warningsOf('watch-point', [[0.5, 0.5]], 0.3)).toEqual(['wider-than-lane']);
  });

  it.each<[string, number, number | undefined, readonly DrawingWarning[]]>([
    ['slow pictures with little room', 0.85, 3, ['rate-too-low']],
    ['fast pictures with the same room', 0.85, 25, []],
    ['slow pictures with much room', 0.5, 3, []],
    ['pictures that do not come', 0.85, undefined, []],
    ['slow pictures with no room at all', 0.99, 3, ['near-edge']],
  ])('of %s', (_, y, analysedPerSecond, expected) => {
    const rate = analysedPerSecond === undefined ? {} : { analysedPerSecond };
    expect(warningsOf('tripwire', across(y), undefined, rate)).toEqual(expected);
  });

  it('goes by the people who were seen there, not by those elsewhere', () => {
    const near = { people: [{ footPoint: [0.5, 0.9] as RulePoint, height: 0.6 }] };
    const far = { people: [{ footPoint: [0.5, 0.1] as RulePoint, height: 0.1 }] };
    expect(warningsOf('tripwire', across(0.93), undefined, near)).toEqual(['near-edge']);
    expect(warningsOf('tripwire', across(0.93), undefined, far)).toEqual([]);
  });

  it('of a rule behind a mask, and not of one beside it', () => {
    const mask: readonly RulePoint[] = [
      [0, 0.4],
      [0.6, 0.4],
      [0.6, 0.6],
      [0, 0.6],
    ];
    expect(warningsOf('tripwire', across(0.5), undefined, { masks: [mask] })).toEqual(['hidden']);
    expect(warningsOf('tripwire', across(0.7), undefined, { masks: [mask] })).toEqual([]);
    expect(warningsOf('watch-point', [[0.3, 0.5]], 0.08, { masks: [mask] })).toEqual(['hidden']);
  });

  it('of a second wire at the edge', () => {
    const drawn = ruleNamed(newRule('tripwire', 'tripwire-1', across(0.5)), '东巷口');
    if (drawn.kind !== 'tripwire') throw new Error('a tripwire was drawn');
    const secondWire = { points: [...across(0.995)] };
    expect(drawingWarnings({ ...drawn, rule: { ...drawn.rule, secondWire } }, usual)).toEqual([
      'second-near-edge',
    ]);
  });
});
