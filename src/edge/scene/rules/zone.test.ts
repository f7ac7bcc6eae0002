/** Entering, leaving and staying, and what happens at a place whoever is there. */
import { describe, expect, it } from 'vitest';
import type { Zone } from '../../../contract/rule.ts';
import type { SceneEvent } from '../../../contract/rule-event.ts';
import type { Point } from '../../../contract/shape.ts';
import { along, eventsOf, trackedFrames, type Way } from '../../../testing/tracked-frames.ts';
import type { Persons } from '../identity/person.ts';

const yard: Zone = {
  ruleId: 'yard',
  points: [
    [0.4, 0.4],
    [0.6, 0.4],
    [0.6, 0.8],
    [0.4, 0.8],
  ],
};
const inside: Point = [0.5, 0.6];
const outside: Point = [0.2, 0.6];

function told(
  ways: readonly Way[],
  zone: Partial<Zone>,
  { seconds = 60, persons }: { seconds?: number; persons?: Persons } = {},
): readonly string[] {
  const people = ways.map((way, index) => ({ trackId: index + 1, way }));
  const frames = trackedFrames(people, { seconds });
  return eventsOf({ zones: [{ ...yard, ...zone }] }, frames, persons).map(textOf);
}

function textOf(event: SceneEvent): string {
  return `${event.kind} ${Math.round(event.mediaTimeMs / 1000)}`;
}

const stays = (fromMs: number, toMs: number): Way =>
  along([fromMs, outside], [fromMs + 2000, inside], [toMs, inside], [toMs + 2000, outside]);
const hidden =
  (way: Way, fromMs: number, toMs: number): Way =>
  (atMs) =>
    atMs > fromMs && atMs < toMs ? undefined : way(atMs);
/** Crosses the outline every tenth of a second. */
const onTheOutline: Way = (atMs) => [0.4 + 0.004 * Math.sin(atMs / 60), 0.6];
const quiet = { reportsPassage: false };

describe('a zone', () => {
  it.each<[string, readonly Way[], Partial<Zone>, readonly string[]]>([
    ['is entered and left', [stays(0, 10_000)], {}, ['zone-entered 2', 'zone-left 11']],
    ['is not entered by jitter on its outline', [onTheOutline], {}, []],
    [
      'is entered by somebody who is there from the start',
      [along([0, inside], [3000, inside])],
      {},
      ['zone-entered 1', 'zone-left 3'],
    ],
    [
      'hears of a stay as it has lasted',
      [stays(0, 40_000)],
      { ...quiet, dwellSeconds: 8 },
      ['dwell-loitering 9'],
    ],
    [
      'hears of a stay once',
      [stays(0, 50_000)],
      { ...quiet, dwellSeconds: 3 },
      ['dwell-loitering 4'],
    ],
    [
      'counts on while somebody is overlooked for four seconds',
      [hidden(stays(0, 40_000), 4000, 8000)],
      { ...quiet, dwellSeconds: 8 },
      ['dwell-loitering 9'],
    ],
    [
      'begins anew after a real exit',
      [
        along(
          [0, inside],
          [6000, inside],
          [7000, outside],
          [9000, outside],
          [10_000, inside],
          [15_000, inside],
        ),
      ],
      { ...quiet, dwellSeconds: 8 },
      [],
    ],
    [
      'counts on when the number changes',
      [hidden(stays(0, 40_000), 5000, 99_000), hidden(stays(0, 40_000), -1, 5600)],
      { ...quiet, dwellSeconds: 8 },
      ['dwell-loitering 9'],
    ],
    [
      'is left by somebody who is not seen any more',
      [hidden(stays(0, 40_000), 6000, 99_000)],
      {},
      ['zone-entered 2', 'zone-left 6'],
    ],
  ])('%s', (_name, ways, zone, expected) => {
    expect(told(ways, zone)).toEqual(expected);
  });

  it('counts on for the same person under another number, found elsewhere in the zone', () => {
    const first = hidden(along([0, [0.41, 0.45]], [40_000, [0.41, 0.45]]), 5000, 99_000);
    const second = hidden(along([0, [0.59, 0.79]], [40_000, [0.59, 0.79]]), -1, 8500);
    const settings = { ...quiet, dwellSeconds: 10 };
    const one: Persons = { personOf: () => ({ personId: 1, link: 'certain' }) };
    expect(told([first, second], settings, { persons: one })).toEqual(['dwell-loitering 10']);
    expect(told([first, second], settings)).toEqual(['dwell-loitering 19']);
  });
});

describe('an occupied place', () => {
  const occupied = { ...quiet, occupiedSeconds: 20 };
  const oneAfterAnother = Array.from({ length: 6 }, (_, at) =>
    along([at * 5000, inside], [at * 5000 + 4000, inside]),
  );

  it.each<[string, readonly Way[], readonly string[]]>([
    ['is told whoever was there, over holes of a second', oneAfterAnother, ['place-occupied 20']],
    [
      'is told over a hole of four seconds',
      [hidden(along([0, inside], [50_000, inside]), 8000, 12_000)],
      ['place-occupied 20'],
    ],
    [
      'begins anew when nobody was there for six seconds',
      [hidden(along([0, inside], [50_000, inside]), 8000, 14_000)],
      ['place-occupied 34'],
    ],
    ['is not told of people beside it', [along([0, outside], [50_000, outside])], []],
  ])('%s', (_name, ways, expected) => {
    expect(told(ways, occupied)).toEqual(expected);
  });
});

describe('a crowd', () => {
  const crowd = { ...quiet, crowdCount: 3, crowdSeconds: 5 };
  const at = (x: number, fromMs: number, toMs: number) =>
    along([fromMs, [x, 0.6]], [toMs, [x, 0.6]]);

  it.each<[string, readonly Way[], readonly string[]]>([
    [
      'has gathered when the third has been there for the time',
      [at(0.45, 0, 50_000), at(0.5, 0, 50_000), at(0.55, 10_000, 50_000)],
      ['crowd-gathered 16'],
    ],
    ['is not two', [at(0.45, 0, 50_000), at(0.5, 0, 50_000)], []],
    [
      'is not three who meet for a moment',
      [at(0.45, 0, 50_000), at(0.5, 0, 50_000), at(0.55, 10_000, 13_000)],
      [],
    ],
    [
      'may have one of it overlooked for a second',
      [at(0.45, 0, 50_000), hidden(at(0.5, 0, 50_000), 12_000, 13_500), at(0.55, 10_000, 50_000)],
      ['crowd-gathered 16'],
    ],
    [
      'is told again when it has dispersed in between',
      [at(0.45, 0, 50_000), at(0.5, 0, 50_000), hidden(at(0.55, 0, 50_000), 10_000, 20_000)],
      ['crowd-gathered 6', 'crowd-gathered 26'],
    ],
  ])('%s', (_name, ways, expected) => {
    expect(told(ways, crowd)).toEqual(expected);
  });

  it('says how many there are', () => {
    const people = [0.42, 0.46, 0.5, 0.54].map((x, index) => ({
      trackId: index + 1,
      way: at(x, 0, 30_000),
    }));
    const [event] = eventsOf(
      { zones: [{ ...yard, ...crowd }] },
      trackedFrames(people, { seconds: 20 }),
    );
    expect(event).toMatchObject({ kind: 'crowd-gathered', count: 4 });
  });
});
