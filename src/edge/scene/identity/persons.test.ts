import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Box } from '../../../contract/shape.ts';
import type { Track } from '../tracking/track.ts';
import type { Identity } from './person.ts';
import { createPersons, createStrangers } from './persons.ts';

const aspectRatio = 4 / 3;
const stepMs = 200;

/** A person of 0.2 picture heights with the feet at x, y. */
function boxAt(x: number, y = 0.7): Box {
  return { left: x - 0.03, right: x + 0.03, top: y - 0.2, bottom: y };
}

/** Unit vector that points along the axis, `mix` of it along the next one. */
function lookOf(axis: number, mix = 0): Float32Array {
  const vector = Float32Array.from({ length: 8 }, (_, index) => {
    if (index === axis % 8) return 1 - mix;
    return index === (axis + 1) % 8 ? mix : 0;
  });
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** A walk through the picture: where it is at which time, and what it looks like. */
type Walk = Readonly<{
  trackId: number;
  look?: Float32Array | undefined;
  fromMs: number;
  untilMs: number;
  from: readonly [x: number, y: number];
  to: readonly [x: number, y: number];
  label?: string;
}>;

const right = [0.97, 0.7] as const;
const middle = [0.5, 0.7] as const;
const left = [0.03, 0.7] as const;

function trackOf(walk: Walk, nowMs: number): Track {
  const share = (nowMs - walk.fromMs) / (walk.untilMs - walk.fromMs);
  const at = (axis: 0 | 1) => walk.from[axis] + share * (walk.to[axis] - walk.from[axis]);
  return {
    trackId: walk.trackId,
    state: 'confirmed',
    label: walk.label ?? 'person',
    confidence: 0.7,
    box: boxAt(at(0), at(1)),
    firstSeenMs: walk.fromMs,
    lastSeenMs: nowMs,
    ...(walk.look === undefined ? {} : { look: walk.look }),
  };
}

/** Shows the identity all walks frame by frame, from the beginning to `untilMs`. */
function show(identity: Identity, walks: readonly Walk[], fromMs: number, untilMs: number): void {
  for (let nowMs = fromMs; nowMs <= untilMs; nowMs += stepMs) {
    identity.observe({
      mediaTimeMs: nowMs,
      capturedAtMs: nowMs,
      tracks: walks
        .filter((walk) => nowMs >= walk.fromMs && nowMs <= walk.untilMs)
        .map((walk) => trackOf(walk, nowMs)),
      endedTrackIds: walks
        .filter(({ untilMs: end }) => nowMs - stepMs <= end + 1000 && nowMs > end + 1000)
        .map(({ trackId }) => trackId),
    });
  }
}

function personsAfter(walks: readonly Walk[], identity = createPersons({ aspectRatio })) {
  show(identity, walks, 0, Math.max(...walks.map(({ untilMs }) => untilMs)));
  return walks.map(({ trackId }) => identity.personOf(trackId));
}

const leaving: Walk = {
  trackId: 1,
  look: lookOf(0),
  fromMs: 0,
  untilMs: 8000,
  from: middle,
  to: right,
};
const returning: Walk = {
  trackId: 2,
  look: lookOf(0),
  fromMs: 30_000,
  untilMs: 38_000,
  from: right,
  to: middle,
};

describe('who comes back', () => {
  it('over the edge over which they left, looking the same, is certainly the same person', () => {
    expect(personsAfter([leaving, returning])[1]).toEqual({ personId: 1, link: 'certain' });
  });

  it.each<[string, Partial<Walk>, string]>([
    ['looks a little different', { look: lookOf(0, 0.4) }, 'probable'],
    ['comes over the other edge, having had the time to walk round', { from: left }, 'certain'],
    ['looks like somebody else', { look: lookOf(3) }, 'same-track'],
    ['was never well seen', { look: undefined }, 'same-track'],
    ['was made by another model', { look: Float32Array.of(1, 0) }, 'same-track'],
    ['is of another label', { label: 'bicycle' }, 'same-track'],
    [
      'is at the other end of the picture sooner than anybody runs',
      { from: left, fromMs: 8600, untilMs: 16_600 },
      'same-track',
    ],
  ])('and %s', (_, more, link) => {
    const [, second] = personsAfter([leaving, { ...returning, ...more }]);
    expect(second).toEqual({ personId: link === 'same-track' ? 2 : 1, link });
  });

  it('is known again a third time, by any of their earlier visits', () => {
    const third = { ...returning, trackId: 3, fromMs: 60_000, untilMs: 66_000 };
    const turned = { ...returning, look: lookOf(0, 0.3) };
    const persons = personsAfter([leaving, turned, third]);
    expect(persons.map(({ personId }) => personId)).toEqual([1, 1, 1]);
  });

  it('out of the place where they vanished, is the same person', () => {
    const inside = { ...leaving, to: [0.6, 0.7] as const };
    const again = { ...returning, from: [0.62, 0.7] as const, fromMs: 12_000, untilMs: 18_000 };
    expect(personsAfter([inside, again])[1]?.personId).toBe(1);
  });
});

it('two who leave together and return together are each themselves, whoever comes first', () => {
  const other = { ...leaving, trackId: 2, look: lookOf(0, 0.4), to: [0.97, 0.8] as const };
  const back = (trackId: number, look: Float32Array, fromMs: number): Walk => ({
    ...returning,
    trackId,
    look,
    fromMs,
  });
  const persons = personsAfter([
    leaving,
    other,
    back(3, lookOf(0, 0.4), 30_000),
    back(4, lookOf(0, 0.05), 30_400),
  ]);
  expect(persons.map(({ personId }) => personId)).toEqual([1, 2, 2, 1]);
});

it('whoever might as well be the one as the other is linked to nobody', () => {
  const twin = { ...leaving, trackId: 2, look: lookOf(0, 0.02), to: [0.97, 0.8] as const };
  const [, , third] = personsAfter([leaving, twin, { ...returning, trackId: 3 }]);
  expect(third).toEqual({ personId: 3, link: 'same-track' });
});

it('nobody is taken for somebody who is in the picture', () => {
  const staying = { ...leaving, untilMs: 60_000 };
  expect(personsAfter([staying, returning]).map(({ personId }) => personId)).toEqual([1, 2]);
});

it('a link that turns out to put somebody in two places is undone', () => {
  const identity = createPersons({ aspectRatio });
  show(identity, [leaving, returning], 0, 34_000);
  expect(identity.personOf(2).personId).toBe(1);
  // The first track was only hidden: it is seen again while the second is there.
  show(identity, [{ ...leaving, untilMs: 40_000 }, returning], 34_200, 36_000);
  expect(identity.personOf(2)).toEqual({ personId: 2, link: 'same-track' });
});

it('where strangers look alike, as by night, looks link nobody', () => {
  const crowd = Array.from(
    { length: 5 },
    (_, index): Walk => ({
      ...leaving,
      trackId: 10 + index,
      look: lookOf(0, index * 0.01),
      untilMs: 60_000,
      from: [0.2 + index * 0.1, 0.6],
      to: [0.2 + index * 0.1, 0.6],
    }),
  );
  const [, second] = personsAfter([leaving, returning, ...crowd]);
  expect(second).toEqual({ personId: 2, link: 'same-track' });
});

it('a better look mends the answer while the track is young, and after some seconds it stands', () => {
  const identity = createPersons({ aspectRatio });
  const unlike = { ...returning, look: lookOf(3) };
  show(identity, [leaving, unlike], 0, 31_000);
  expect(identity.personOf(2).personId).toBe(2);
  show(identity, [{ ...returning, fromMs: 30_000, untilMs: 45_000 }], 31_200, 40_000);
  expect(identity.personOf(2).personId).toBe(1);
  show(identity, [{ ...unlike, untilMs: 80_000 }], 40_200, 70_000);
  expect(identity.personOf(2).personId).toBe(1);
});

it('is forgotten when the longest window of a rule has passed, and not before', () => {
  const identity = createPersons({ aspectRatio });
  show(identity, [leaving], 0, 600_000);
  expect(identity.remembered()).toBe(1);
  show(identity, [], 600_200, 680_000);
  expect(identity.remembered()).toBe(0);
  expect(identity.personOf(1)).toEqual({ personId: 1, link: 'same-track' });
});

it.each([
  ['strangers come by', undefined, 200],
  ['often the same ones come by', 8, 300],
])('remembers no more than so many, however many %s', (_, differentLooks, most) => {
  const identity = createPersons({ aspectRatio });
  const many = Array.from(
    { length: 500 },
    (_walk, index): Walk => ({
      ...leaving,
      trackId: index + 1,
      look: differentLooks === undefined ? undefined : lookOf(index),
      fromMs: index * 1000,
      untilMs: index * 1000 + 800,
    }),
  );
  show(identity, many, 0, 510_000);
  expect(identity.remembered()).toBeLessThanOrEqual(most);
  expect(identity.remembered()).toBeGreaterThan(most - 10);
});

it('off means off: every track is a person of its own and nothing is remembered', () => {
  const strangers = createStrangers();
  const persons = personsAfter([leaving, returning], strangers);
  expect(persons).toEqual([
    { personId: 1, link: 'same-track' },
    { personId: 2, link: 'same-track' },
  ]);
  expect(strangers.remembered()).toBe(0);
});

it('whatever comes and goes, two tracks in one frame are two persons, and all is forgotten in the end', () => {
  const anyWalk = fc.record({
    look: fc.integer({ min: 0, max: 3 }),
    fromMs: fc.integer({ min: 0, max: 60 }).map((steps) => steps * stepMs),
    steps: fc.integer({ min: 2, max: 60 }),
    from: fc.constantFrom(left, middle, right),
    to: fc.constantFrom(left, middle, right),
  });
  fc.assert(
    fc.property(fc.array(anyWalk, { maxLength: 8 }), (drawn) => {
      const walks = drawn
        .toSorted((a, b) => a.fromMs - b.fromMs)
        .map(
          ({ look, steps, ...walk }, index): Walk => ({
            ...walk,
            trackId: index + 1,
            look: lookOf(look),
            untilMs: walk.fromMs + steps * stepMs,
          }),
        );
      const identity = createPersons({ aspectRatio });
      for (let nowMs = 0; nowMs <= 30_000; nowMs += stepMs) {
        show(identity, walks, nowMs, nowMs);
        const here = walks.filter((walk) => nowMs >= walk.fromMs && nowMs <= walk.untilMs);
        const ids = here.map(({ trackId }) => identity.personOf(trackId).personId);
        expect(new Set(ids).size).toBe(ids.length);
      }
      show(identity, walks, 30_000, 31_000);
      show(identity, [], 700_000, 702_000);
      expect(identity.remembered()).toBe(0);
    }),
    { numRuns: 40 },
  );
});
