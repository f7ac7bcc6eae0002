/** The virtual guard: visits of persons, whatever numbers their tracks have and whenever it becomes known whose they are. */
import { describe, expect, it } from 'vitest';
import type { WatchPoint } from '../../../contract/rule.ts';
import type { SceneEvent } from '../../../contract/rule-event.ts';
import type { Point } from '../../../contract/shape.ts';
import {
  along,
  eventsOf,
  pictureRatio,
  strangers,
  trackedFrames,
  type Way,
} from '../../../testing/tracked-frames.ts';
import type { PersonLink, Persons } from '../identity/person.ts';
import { createRules } from './rules.ts';

const corner: WatchPoint = {
  ruleId: 'corner',
  centre: [0.5, 0.6],
  radiusOfHeight: 0.1,
  passes: 3,
  windowSeconds: 600,
};
const inside: Point = [0.5, 0.6];
const outside: Point = [0.2, 0.6];

/** One visit every `everyMs`, of three seconds. */
const visits = (count: number, everyMs = 20_000, fromMs = 0): Way =>
  along(
    ...Array.from({ length: count }, (_, at) => {
      const startMs = fromMs + at * everyMs;
      return [
        [startMs, outside],
        [startMs + 3000, inside],
        [startMs + 6000, inside],
        [startMs + 9000, outside],
      ] as const;
    }).flat(),
  );

function told(
  ways: readonly Way[],
  persons: Persons = strangers,
  seconds = 200,
  fps = 5,
): readonly Told[] {
  const people = ways.map((way, index) => ({ trackId: index + 1, way }));
  return eventsOf(
    { watchPoints: [corner] },
    trackedFrames(people, { seconds, fps }),
    persons,
  ).flatMap(toldOf);
}

type Told = Readonly<{ at: number; passes: readonly string[] }>;

function toldOf(event: SceneEvent): readonly Told[] {
  if (event.kind !== 'pass-loitering') return [];
  const passes = event.passes.map(
    (pass) => `${pass.trackId} ${Math.round(pass.mediaTimeMs / 1000)} ${pass.link}`,
  );
  return [{ at: Math.round(event.mediaTimeMs / 1000), passes }];
}

/** From `sinceMs` on, by the clock of the frames, the tracks are one person's. */
function joinedAfter(
  clock: { nowMs: number },
  sinceMs: number,
  link: PersonLink = 'certain',
): Persons {
  return {
    personOf: (trackId) =>
      trackId === 1 || clock.nowMs < sinceMs
        ? { personId: trackId, link: 'same-track' }
        : { personId: 1, link },
  };
}

function toldWithClock(
  ways: readonly Way[],
  personsAt: (clock: { nowMs: number }) => Persons,
): readonly Told[] {
  const clock = { nowMs: 0 };
  const persons = personsAt(clock);
  const watching = createRules({
    rules: { schemaVersion: 1, watchPoints: [corner] },
    aspectRatio: pictureRatio,
  });
  const people = ways.map((way, index) => ({ trackId: index + 1, way }));
  return trackedFrames(people, { seconds: 200 }).flatMap((frame) => {
    clock.nowMs = frame.mediaTimeMs;
    return watching.observe(frame, persons).flatMap(toldOf);
  });
}

describe('a watch point', () => {
  it('calls as the third visit begins, with all passes', () => {
    expect(told([visits(3)])).toEqual([
      { at: 43, passes: ['1 2 same-track', '1 22 same-track', '1 42 same-track'] },
    ]);
  });

  it.each([1, 3, 5, 10])('calls once for three visits at %i pictures a second', (fps) => {
    expect(told([visits(3)], strangers, 200, fps)).toHaveLength(1);
  });

  it.each<[string, readonly Way[], number]>([
    ['two visits', [visits(2)], 0],
    ['five visits: the fourth and fifth are not three new ones', [visits(5)], 1],
    ['six visits, twice', [visits(6)], 2],
    ['three visits of three people', [visits(1), visits(1, 0, 20_000), visits(1, 0, 40_000)], 0],
    ['one long visit on the spot', [along([0, outside], [3000, inside], [150_000, inside])], 0],
    [
      'somebody who goes to and fro across the rim',
      [
        along(
          [0, outside],
          ...Array.from(
            { length: 30 },
            (_, at) => [3000 + at * 900, [0.5, at % 2 ? 0.69 : 0.72]] as const,
          ),
        ),
      ],
      0,
    ],
    [
      'passers beside the circle',
      [
        along(
          ...Array.from(
            { length: 8 },
            (_, at) => [at * 10_000, [at % 2 ? 0.9 : 0.1, 0.75]] as const,
          ),
        ),
      ],
      0,
    ],
  ])('hears of %s', (_name, ways, expected) => {
    expect(told(ways)).toHaveLength(expected);
  });

  it('forgets passes that are older than the window', () => {
    expect(told([visits(3, 290_000)], strangers, 700)).toHaveLength(1);
    expect(told([visits(3, 310_000)], strangers, 700)).toHaveLength(0);
  });

  it('counts one person over three tracks and says how sure each link is', () => {
    const ways = [visits(1), visits(1, 0, 30_000), visits(1, 0, 60_000)];
    const links: readonly PersonLink[] = ['same-track', 'certain', 'probable'];
    const persons: Persons = {
      personOf: (trackId) => ({ personId: 1, link: links[trackId - 1] ?? 'probable' }),
    };
    expect(told(ways, persons)).toEqual([
      { at: 63, passes: ['1 2 same-track', '2 32 certain', '3 62 probable'] },
    ]);
  });

  it('calls when it becomes known, while the third visit goes on, that it is the same person', () => {
    const ways = [visits(2), visits(1, 0, 60_000)];
    const heard = toldWithClock(ways, (clock) => joinedAfter(clock, 64_000));
    expect(heard).toEqual([
      { at: 64, passes: ['1 2 same-track', '1 22 same-track', '2 62 certain'] },
    ]);
  });

  it('calls when it becomes known only after the third visitor has gone', () => {
    const heard = toldWithClock([visits(2), visits(1, 0, 60_000)], (clock) =>
      joinedAfter(clock, 70_000),
    );
    expect(heard.map(({ passes }) => passes.length)).toEqual([3]);
  });

  it('does not count a visit twice that goes on under another number', () => {
    const stay = along([40_000, outside], [43_000, inside], [60_000, inside]);
    const before: Way = (atMs) => (atMs > 50_000 ? undefined : stay(atMs));
    const after: Way = (atMs) => (atMs < 53_500 ? undefined : stay(atMs));
    const one: Persons = { personOf: () => ({ personId: 1, link: 'certain' }) };
    expect(told([visits(1), before, after], one)).toHaveLength(0);
  });

  it('carries the box of each pass', () => {
    const frames = trackedFrames([{ trackId: 1, way: visits(3) }], { seconds: 60 });
    const [event] = eventsOf({ watchPoints: [corner] }, frames);
    if (event?.kind !== 'pass-loitering') throw new Error('the third pass was told');
    for (const { box } of event.passes) expect(box?.bottom).toBeCloseTo(0.6, 1);
  });
});
