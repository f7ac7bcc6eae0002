/** Whether somebody who was warned goes away: what is told to the operator has to be what the street did. */
import { describe, expect, test } from 'vitest';
import type { CameraRules } from '../../contract/rule.ts';
import { createLeavingWatch, type Leaving } from './leaving-watch.ts';
import type { SceneTrack } from './scene.ts';

/** Over the whole picture at this height; side A is above it, side B below. */
const across = (y: number): [number, number][] => [
  [0, y],
  [1, y],
];
const rules: CameraRules = {
  schemaVersion: 1,
  tripwires: [
    { ruleId: 'wire', points: across(0.5) },
    { ruleId: 'inwards', points: across(0.5), direction: 'a-to-b' },
    { ruleId: 'outwards', points: across(0.5), direction: 'b-to-a' },
    {
      ruleId: 'second',
      points: across(0.1),
      secondWire: { points: across(0.5), direction: 'a-to-b' },
    },
  ],
  zones: [
    {
      ruleId: 'zone',
      points: [
        [0.4, 0.3],
        [0.6, 0.3],
        [0.6, 0.7],
        [0.4, 0.7],
      ],
    },
  ],
  watchPoints: [{ ruleId: 'point', centre: [0.5, 0.5], radiusOfHeight: 0.1 }],
};
const order = { eventId: 'event', trackId: 7, personId: 7, forSeconds: 30 };

type Seen = Partial<SceneTrack> & Readonly<{ x: number; y: number }>;
/** A tenth of the picture tall, at the foot point. */
function track({ x, y, ...given }: Seen, nowMs: number): SceneTrack {
  return {
    trackId: 7,
    personId: 7,
    state: 'confirmed',
    label: 'person',
    confidence: 0.8,
    box: { left: x - 0.02, right: x + 0.02, top: y - 0.1, bottom: y },
    firstSeenMs: 0,
    lastSeenMs: nowMs,
    ...given,
  };
}

type Street = (atSecond: number) => readonly Seen[];
const startMs = 100_000;

/** Five looks a second; undefined when there is no answer within 40 s. */
function answerTo(ruleId: string, street: Street): Leaving | undefined {
  const watch = createLeavingWatch();
  const seen = (ms: number) => street(ms / 1000).map((one) => track(one, startMs + ms));
  watch.observe(seen(0), startMs);
  watch.start({ ...order, ruleId }, { rules, aspectRatio: 1 }, startMs);
  for (let ms = 200; ms <= 40_000; ms += 200) {
    const [answer] = watch.observe(seen(ms), startMs + ms);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

const at = { x: 0.5, y: 0.5 };
/** At the place for so many seconds, then at the other. */
const goesAfter =
  (seconds: number, ...then: readonly Seen[]): Street =>
  (second) =>
    second < seconds ? [at] : then;

describe('the person that was warned', () => {
  test.each<[string, string, Street, Partial<Leaving>]>([
    ['walks out of the picture', 'wire', goesAfter(12), { outcome: 'left', afterSeconds: 12 }],
    ['stays', 'wire', () => [at], { outcome: 'still-there', afterSeconds: 30 }],
    [
      'takes a step over the wire and stays',
      'wire',
      goesAfter(3, { x: 0.5, y: 0.58 }),
      { outcome: 'still-there' },
    ],
    [
      'goes clear of a wire without a direction',
      'wire',
      goesAfter(3, { x: 0.5, y: 0.7 }),
      { outcome: 'left', afterSeconds: 3 },
    ],
    [
      'goes on inwards over a wire with a direction',
      'inwards',
      goesAfter(3, { x: 0.5, y: 0.9 }),
      { outcome: 'still-there' },
    ],
    [
      'goes back over a wire with a direction',
      'inwards',
      goesAfter(3, { x: 0.5, y: 0.3 }),
      { outcome: 'left', afterSeconds: 3 },
    ],
    [
      'goes back over a wire with the other direction',
      'outwards',
      goesAfter(3, { x: 0.5, y: 0.9 }),
      { outcome: 'left', afterSeconds: 3 },
    ],
    [
      'stays at the second of two wires, far from the first',
      'second',
      () => [at],
      { outcome: 'still-there' },
    ],
    [
      'steps out of the zone',
      'zone',
      goesAfter(5, { x: 0.62, y: 0.5 }),
      { outcome: 'left', afterSeconds: 5 },
    ],
    [
      'walks about in the zone',
      'zone',
      (second) => [{ x: 0.5 + 0.09 * Math.sin(second), y: 0.5 }],
      { outcome: 'still-there' },
    ],
    [
      'steps out of the circle, less than 1.3 radii',
      'point',
      goesAfter(5, { x: 0.5, y: 0.62 }),
      { outcome: 'still-there' },
    ],
    [
      'goes farther than 1.3 radii from the point',
      'point',
      goesAfter(5, { x: 0.5, y: 0.64 }),
      { outcome: 'left', afterSeconds: 5 },
    ],
    [
      'is away for less than two seconds again and again',
      'zone',
      (second) => [second % 3 < 1.8 ? { x: 0.7, y: 0.5 } : at],
      { outcome: 'still-there' },
    ],
    [
      'is not seen for less than three seconds again and again',
      'zone',
      (second) => (second % 4 < 2.8 ? [] : [at]),
      { outcome: 'still-there' },
    ],
    [
      'is only believed to be there by the tracker',
      'zone',
      goesAfter(4, { ...at, state: 'lost' }),
      { outcome: 'left', afterSeconds: 4 },
    ],
    [
      'goes while another stays',
      'zone',
      (second) => [...(second < 6 ? [at] : []), { x: 0.45, y: 0.6, trackId: 8, personId: 8 }],
      { outcome: 'left', afterSeconds: 6 },
    ],
    [
      'is known again under another track',
      'zone',
      goesAfter(4, { x: 0.55, y: 0.6, trackId: 9, personId: 7 }),
      { outcome: 'still-there' },
    ],
    [
      'turns out to be another person, and that one stays under a third track',
      'zone',
      (second) => [
        second < 4 ? at : second < 8 ? { ...at, personId: 3 } : { ...at, trackId: 9, personId: 3 },
      ],
      { outcome: 'still-there' },
    ],
    [
      'stands still while the track changes its number',
      'zone',
      goesAfter(4, { ...at, trackId: 9, personId: 9, firstSeenMs: startMs + 4000 }),
      { outcome: 'still-there' },
    ],
    [
      'leaves as somebody else stands near who was there before',
      'zone',
      (second) => [
        ...(second < 4 ? [at] : []),
        { x: 0.505, y: 0.5, trackId: 8, personId: 8, firstSeenMs: startMs - 5000 },
      ],
      { outcome: 'left', afterSeconds: 4 },
    ],
    ['has gone before the warning began', 'zone', () => [], { outcome: 'left', afterSeconds: 0 }],
    ['goes in the last second', 'zone', goesAfter(29.5), { outcome: 'left', afterSeconds: 29.6 }],
  ])('%s', (_name, ruleId, street, expected) => {
    expect(answerTo(ruleId, street)).toMatchObject({ eventId: 'event', ...expected });
  });
});

describe('the watch', () => {
  const begun = (street: readonly Seen[] = [at]) => {
    const watch = createLeavingWatch();
    watch.observe(
      street.map((one) => track(one, startMs)),
      startMs,
    );
    watch.start({ ...order, ruleId: 'zone' }, { rules, aspectRatio: 1 }, startMs);
    return watch;
  };

  test('says nothing about who left while the camera is blind, and why', () => {
    const watch = begun();
    expect(watch.elapse(startMs + 7000, 'the camera is covered')).toEqual([
      {
        eventId: 'event',
        outcome: 'unknown',
        afterSeconds: 7,
        reason: 'the camera is covered',
      },
    ]);
    expect(watch.elapse(startMs + 40_000, undefined)).toEqual([]);
  });

  test('believes the last look while nothing moves and nothing is looked at', () => {
    expect(begun().elapse(startMs + 29_000, undefined)).toEqual([]);
    expect(begun().elapse(startMs + 30_000, undefined)).toMatchObject([{ outcome: 'still-there' }]);
    expect(begun([]).elapse(startMs + 3000, undefined)).toMatchObject([{ outcome: 'left' }]);
  });

  test('answers each order once, however often it is given', () => {
    const watch = begun();
    watch.start({ ...order, ruleId: 'zone' }, { rules, aspectRatio: 1 }, startMs + 5000);
    expect(watch.elapse(startMs + 30_000, undefined)).toHaveLength(1);
    expect(watch.elapse(startMs + 40_000, undefined)).toEqual([]);
  });

  test('keeps several apart', () => {
    const watch = begun([at, { x: 0.45, y: 0.6, trackId: 8, personId: 8 }]);
    const other = { ...order, eventId: 'other', trackId: 8, personId: 8, ruleId: 'zone' };
    watch.start(other, { rules, aspectRatio: 1 }, startMs);
    const onlyOther = [track({ x: 0.45, y: 0.6, trackId: 8, personId: 8 }, startMs + 1000)];
    expect(watch.observe(onlyOther, startMs + 1000)).toEqual([]);
    expect(watch.observe(onlyOther, startMs + 4000)).toMatchObject([
      { eventId: 'event', outcome: 'left' },
    ]);
    expect(watch.elapse(startMs + 30_000, undefined)).toMatchObject([
      { eventId: 'other', outcome: 'still-there' },
    ]);
  });

  test('does not begin for a rule that is not there', () => {
    const watch = createLeavingWatch();
    expect(watch.start({ ...order, ruleId: 'gone' }, { rules, aspectRatio: 1 }, startMs)).toBe(
      false,
    );
    expect(watch.elapse(startMs + 60_000, undefined)).toEqual([]);
  });
});
