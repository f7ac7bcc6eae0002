/** Each way in which others count wrongly at a line, by name; and two wires in order. */
import { describe, expect, it, test } from 'vitest';
import type { Tripwire } from '../../../contract/rule.ts';
import type { Point } from '../../../contract/shape.ts';
import {
  along,
  eventsOf,
  type Someone,
  trackedFrames,
  type Way,
} from '../../../testing/tracked-frames.ts';

/** Upright in the middle; going up along it, side A is on the left. A person is 0.2 tall, the band 0.02 to each side. */
const gate: Tripwire = {
  ruleId: 'gate',
  points: [
    [0.5, 0.9],
    [0.5, 0.3],
  ],
};
/** So many box heights to the right of the wire: x is 4/3 as long as y. */
const right = (heights: number, y = 0.6): Point => [0.5 + (heights * 0.2 * 3) / 4, y];

function crossings(
  people: readonly Omit<Someone, 'trackId'>[] | Way,
  { wire = gate, fps = 5, seconds = 12 }: { wire?: Tripwire; fps?: number; seconds?: number } = {},
): readonly string[] {
  const all = typeof people === 'function' ? [{ way: people }] : people;
  const someone = all.map((one, index) => ({ ...one, trackId: index + 1 }));
  return eventsOf({ tripwires: [wire] }, trackedFrames(someone, { fps, seconds })).map((event) =>
    event.kind === 'tripwire-crossed' ? `${event.direction} ${event.trackId}` : event.kind,
  );
}

const walk = along([0, right(-3)], [8000, right(3)]);
/** A wave of the feet, in box heights, eight a second. */
const jitter = (heights: number) => (atMs: number) => heights * Math.sin(atMs / 20);
const flickers = (atMs: number) => (atMs === 4000 ? right(1.2) : right(-0.5));
/** Not seen from one moment to another. */
const hidden =
  (way: Way, fromMs: number, toMs: number): Way =>
  (atMs) =>
    atMs > fromMs && atMs < toMs ? undefined : way(atMs);
const atTopEdge: Tripwire = {
  ruleId: 'edge',
  points: [
    [0.1, 10 / 576],
    [0.9, 10 / 576],
  ],
};
const atBottomEdge: Tripwire = {
  ruleId: 'edge',
  points: [
    [0.1, 1 - 10 / 576],
    [0.9, 1 - 10 / 576],
  ],
};

describe('a tripwire', () => {
  it.each<[string, Way | readonly Omit<Someone, 'trackId'>[], readonly string[]]>([
    ['is crossed by a walker, once', walk, ['a-to-b 1']],
    ['knows the other direction', along([0, right(3)], [8000, right(-3)]), ['b-to-a 1']],
    [
      'is not crossed round its end',
      along([0, right(-2, 0.4)], [4000, right(0, 0.2)], [8000, right(2, 0.4)]),
      [],
    ],
    [
      'is crossed on the way back after walking out round its end',
      along(
        [0, right(-2, 0.4)],
        [3000, right(0, 0.2)],
        [6000, right(2, 0.5)],
        [10_000, right(-2, 0.5)],
      ),
      ['b-to-a 1'],
    ],
    ['is not crossed by jitter on it', (atMs) => right(jitter(0.09)(atMs)), []],
    ['is not crossed by jitter beside it', (atMs) => right(-0.12 + jitter(0.15)(atMs)), []],
    ['is not crossed by a flicker of one picture', flickers, []],
    [
      'that is narrower than the body is crossed by the feet',
      along([0, right(-3, 0.31)], [8000, right(3, 0.31)]),
      ['a-to-b 1'],
    ],
    [
      'is crossed once though the number changes on it',
      [{ way: hidden(walk, 3900, 99_000) }, { way: hidden(walk, -1, 4100) }],
      ['a-to-b 2'],
    ],
    ['is not crossed by somebody born on it', along([0, right(0.02)], [8000, right(3)]), []],
    [
      'is not crossed by somebody who stands on it for minutes and goes back',
      along([0, right(-2)], [3000, right(0)], [600_000, right(0.05)], [604_000, right(-2)]),
      [],
    ],
    [
      'is crossed by somebody who stands on it for minutes and goes on',
      along([0, right(-2)], [3000, right(0)], [600_000, right(0.05)], [604_000, right(2)]),
      ['a-to-b 1'],
    ],
    [
      'is crossed three times by down, up and down',
      along([0, right(-1)], [3000, right(1)], [6000, right(-1)], [9000, right(1)]),
      ['a-to-b 1', 'b-to-a 1', 'a-to-b 1'],
    ],
    ['is crossed within a gap of two seconds', hidden(walk, 3000, 5000), ['a-to-b 1']],
    ['is not crossed within a gap of five seconds', hidden(walk, 1500, 6500), []],
    [
      'is crossed by each of two who meet on it',
      [{ way: walk }, { way: along([0, right(3, 0.62)], [8000, right(-3, 0.62)]) }],
      ['a-to-b 1', 'b-to-a 2'],
    ],
  ])('%s', (_name, people, expected) => {
    expect([...crossings(people, { seconds: 606 })].sort()).toEqual([...expected].sort());
  });

  it.each([1, 2, 3, 5, 10, 25])('is crossed once at %i pictures a second', (fps) => {
    expect(crossings(walk, { fps })).toEqual(['a-to-b 1']);
  });

  it('10 px from the upper edge is crossed by feet that come down over it', () => {
    const way = along([0, [0.5, 0]], [6000, [0.5, 0.5]]);
    expect(crossings(way, { wire: { ...atTopEdge, preset: 'loose' } })).toEqual(['a-to-b 1']);
  });

  it('10 px from the lower edge is crossed by a child, whose band is narrow', () => {
    const way = along([0, [0.5, 0.5]], [6000, [0.5, 0.97]], [6800, [0.5, 1]], [8000, [0.5, 1]]);
    expect(crossings([{ way, height: 0.1 }], { wire: atBottomEdge })).toEqual(['a-to-b 1']);
  });

  it('of several points is crossed at any of its segments and has one side throughout', () => {
    const bent: Tripwire = {
      ruleId: 'bent',
      points: [
        [0.3, 0.9],
        [0.5, 0.5],
        [0.7, 0.9],
      ],
    };
    const through = along([0, [0.1, 0.8]], [9000, [0.9, 0.8]]);
    expect(crossings(through, { wire: bent })).toEqual(['a-to-b 1', 'b-to-a 1']);
  });

  it.each([
    ['a-to-b', ['a-to-b 1']],
    ['b-to-a', []],
  ] as const)('that wants %s hears of that alone', (direction, expected) => {
    expect(crossings(walk, { wire: { ...gate, direction } })).toEqual(expected);
  });

  it('with a strict preset wants a longer way beyond the band than with a loose one', () => {
    const aside = along([0, right(-2)], [4000, right(0.15)], [12_000, right(0.15)]);
    const told = (['loose', 'balanced', 'strict'] as const).map(
      (preset) => crossings(aside, { wire: { ...gate, preset } }).length,
    );
    expect(told).toEqual([1, 1, 0]);
  });

  it('does not take somebody else for the one who was lost far away', () => {
    const lost = along([0, right(-3, 0.4)], [4000, right(-1.5, 0.4)]);
    const found = along([5200, right(1.5, 0.8)], [12_000, right(3, 0.8)]);
    expect(crossings([{ way: lost }, { way: found }])).toEqual([]);
  });
});

describe('two wires in order', () => {
  const pair: Tripwire = {
    ...gate,
    direction: 'a-to-b',
    secondWire: {
      points: [
        [0.8, 0.9],
        [0.8, 0.3],
      ],
      direction: 'a-to-b',
      leastSeconds: 2,
      mostSeconds: 20,
    },
  };
  const through = (crossingSeconds: number): Way =>
    along([0, right(-1)], [2000, right(1)], [crossingSeconds * 1000, [0.9, 0.6]]);

  test.each<[string, Way, number]>([
    ['are told once as the second is crossed', through(8), 1],
    [
      'may have a stop between them',
      along([0, right(-1)], [2000, right(1)], [12_000, right(1)], [15_000, [0.95, 0.6]]),
      1,
    ],
    ['are not told when the second comes too soon', through(3), 0],
    ['are not told when the second comes too late', through(60), 0],
    ['are not told in the wrong order', along([0, [0.95, 0.6]], [8000, right(-2)]), 0],
    [
      'are not told when the first is crossed alone',
      along([0, right(-1)], [2000, right(1)], [9000, right(1)]),
      0,
    ],
    [
      'are not told when somebody comes in between them',
      along([0, right(1)], [5000, [0.95, 0.6]]),
      0,
    ],
  ])('%s', (_name, way, expected) => {
    expect(crossings(way, { wire: pair, seconds: 70 })).toHaveLength(expected);
  });

  test('say when and how the first was crossed', () => {
    const frames = trackedFrames([{ trackId: 4, way: through(8) }], { seconds: 12 });
    const [event] = eventsOf({ tripwires: [pair] }, frames);
    expect(event).toMatchObject({ kind: 'tripwire-crossed', direction: 'a-to-b' });
    if (event?.kind !== 'tripwire-crossed') return;
    expect(event.firstCrossing).toMatchObject({ direction: 'a-to-b', trackId: 4 });
    expect(event.firstCrossing?.mediaTimeMs).toBeCloseTo(1000, -2);
    expect(event.firstCrossing?.crossedAtMs).toBe(1_700_000_001_000);
  });

  test('may be crossed under two numbers by one person', () => {
    const way = along(
      [0, right(-1)],
      [2000, right(0.6)],
      [12_000, right(1)],
      [16_000, [0.95, 0.6]],
    );
    const people = [
      { trackId: 1, way: hidden(way, 3000, 99_000) },
      { trackId: 9, way: hidden(way, -1, 8000) },
    ];
    const frames = trackedFrames(people, { seconds: 20 });
    const link = 'certain' as const;
    const one = { personOf: () => ({ personId: 1, link }) };
    expect(eventsOf({ tripwires: [pair] }, frames, one)).toHaveLength(1);
    expect(eventsOf({ tripwires: [pair] }, frames)).toHaveLength(0);
  });
});
