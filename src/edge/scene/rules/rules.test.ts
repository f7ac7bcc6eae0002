/** What all rules have in common: whom they are for, what they need, and that they forget. */
import { describe, expect, it } from 'vitest';
import type { CameraRules, Tripwire, Zone } from '../../../contract/rule.ts';
import {
  along,
  eventsOf,
  pictureRatio,
  type Someone,
  strangers,
  trackedFrames,
  type Way,
} from '../../../testing/tracked-frames.ts';
import type { TrackedFrame } from '../tracking/track.ts';
import { createRules } from './rules.ts';

const gate: Tripwire = {
  ruleId: 'gate',
  points: [
    [0.5, 0.95],
    [0.5, 0.3],
  ],
};
const yard: Zone = { ruleId: 'yard', points: [...gate.points, [0.9, 0.6]] };
const walk = along([0, [0.2, 0.6]], [8000, [0.8, 0.6]]);

function count(someone: Partial<Someone>, rule: Partial<Tripwire>): number {
  const frames = trackedFrames([{ trackId: 1, way: walk, ...someone }], { seconds: 10 });
  return eventsOf({ tripwires: [{ ...gate, ...rule }] }, frames).length;
}

describe('a rule', () => {
  it.each<[string, Partial<Someone>, Partial<Tripwire>, number]>([
    ['is for people when it names no label', {}, {}, 1],
    ['is not for cars when it names no label', { label: 'car' }, {}, 0],
    ['is for bicycles when it names them', { label: 'bicycle' }, { labels: ['bicycle', 'car'] }, 1],
    ['leaves out who is unsure', { confidence: () => 0.5 }, { leastConfidence: 0.6 }, 0],
    [
      'does not lose somebody by one unsure box on the wire',
      { confidence: (atMs) => (atMs === 4400 ? 0.3 : 0.8) },
      { leastConfidence: 0.6 },
      1,
    ],
    ['leaves out who is too small', { height: 0.1 }, { leastBoxHeight: 0.15 }, 0],
    ['leaves out who is too tall', { height: 0.4 }, { mostBoxHeight: 0.3 }, 0],
  ])('%s', (_name, someone, rule, expected) => {
    expect(count(someone, rule)).toBe(expected);
  });

  it('fires within its schedule only, and goes on watching outside it', () => {
    const zone = {
      ruleId: 'yard',
      points: gate.points.concat([[0.9, 0.6]]),
      dwellSeconds: 10,
      reportsPassage: false,
      schedule: { periods: [{ from: '22:00', to: '06:00' }] },
    };
    const way = along([0, [0.6, 0.6]], [120_000, [0.6, 0.6]]);
    const tenPastNine = 1_795_795_200_000 + 21 * 3_600_000 + 59 * 60_000;
    const frames = trackedFrames([{ trackId: 1, way }], { seconds: 120, startedAtMs: tenPastNine });
    const [event, ...others] = eventsOf({ zones: [zone] }, frames);
    expect(others).toEqual([]);
    expect(event).toMatchObject({ kind: 'dwell-loitering', mediaTimeMs: 60_000 });
  });

  it.each<[string, Omit<CameraRules, 'schemaVersion'>, Way, string]>([
    [
      'a stay that has lasted',
      { zones: [{ ...yard, dwellSeconds: 10, reportsPassage: false, leastConfidence: 0.5 }] },
      along([0, [0.6, 0.6]], [40_000, [0.6, 0.6]]),
      'dwell-loitering',
    ],
    [
      'the pass that was wanted',
      {
        watchPoints: [
          {
            ruleId: 'corner',
            centre: [0.6, 0.6],
            radiusOfHeight: 0.1,
            passes: 2,
            leastConfidence: 0.5,
          },
        ],
      },
      along(
        [0, [0.6, 0.6]],
        [2000, [0.6, 0.6]],
        [4000, [0.2, 0.6]],
        [8000, [0.2, 0.6]],
        [10_000, [0.6, 0.6]],
        [40_000, [0.6, 0.6]],
      ),
      'pass-loitering',
    ],
  ])('tells of %s as soon as the detector is sure again', (_, rules, way, kind) => {
    const unsure = (atMs: number): boolean => atMs > 5000 && atMs < 14_000;
    const someone = { trackId: 1, way, confidence: (atMs: number) => (unsure(atMs) ? 0.3 : 0.8) };
    const events = eventsOf(rules, trackedFrames([someone], { seconds: 40 }));
    expect(events.map((event) => event.kind)).toEqual([kind]);
    expect(events[0]?.mediaTimeMs).toBeGreaterThan(14_000);
    expect(events[0]?.mediaTimeMs).toBeLessThan(16_000);
  });

  it('knows nothing of a track that is not confirmed or not seen', () => {
    const frames = trackedFrames([{ trackId: 1, way: walk }], { seconds: 10 }).map((frame) => ({
      ...frame,
      tracks: frame.tracks.map((track) => ({ ...track, state: 'lost' as const })),
    }));
    expect(eventsOf({ tripwires: [gate] }, frames)).toEqual([]);
  });

  it('sees the path before its confirmation', () => {
    const frames = trackedFrames([{ trackId: 1, way: walk }], { seconds: 10 });
    const confirmed = frames.findIndex(({ mediaTimeMs }) => mediaTimeMs === 4600);
    const earlierPoints = frames
      .slice(0, confirmed)
      .flatMap(({ mediaTimeMs, tracks }) => tracks.map(({ box }) => ({ mediaTimeMs, box })));
    const late = frames.map((frame, at): TrackedFrame => {
      if (at < confirmed) return { ...frame, tracks: [] };
      if (at > confirmed) return frame;
      return { ...frame, tracks: frame.tracks.map((track) => ({ ...track, earlierPoints })) };
    });
    const whole = eventsOf({ tripwires: [gate] }, frames).map(({ mediaTimeMs }) => mediaTimeMs);
    expect(eventsOf({ tripwires: [gate] }, late).map(({ mediaTimeMs }) => mediaTimeMs)).toEqual(
      whole,
    );
  });
});

describe('the analysis rate that a rule needs', () => {
  const needOf = (rules: Omit<CameraRules, 'schemaVersion'>, height?: number) => {
    const watching = createRules({
      rules: { schemaVersion: 1, ...rules },
      aspectRatio: pictureRatio,
    });
    const someone = height === undefined ? [] : [{ trackId: 1, way: walk, height }];
    for (const frame of trackedFrames(someone, { seconds: 10 })) watching.observe(frame, strangers);
    return watching.needs()[0]?.neededPerSecond ?? 0;
  };
  const across = (y: number): Tripwire => ({
    ruleId: 'edge',
    points: [
      [0.2, y],
      [0.8, y],
    ],
  });

  it('in the middle of the picture is what it takes to follow somebody who runs', () => {
    expect(needOf({ tripwires: [gate] })).toBe(2.5);
  });

  it('grows towards the edge of the picture, where people are seen for a moment only', () => {
    const needs = [0.5, 0.85, 0.92].map((y) => needOf({ tripwires: [across(y)] }));
    expect(needs).toEqual([...needs].sort((a, b) => a - b));
    expect(needs[2]).toBeGreaterThan(8);
  });

  it('grows with the people who are seen there', () => {
    const wire = { tripwires: [across(0.75)] };
    expect(needOf(wire, 0.3)).toBeGreaterThan(needOf(wire, 0.1));
  });

  it('of a wire for one direction leaves the other out', () => {
    const edge = across(0.9);
    const both = needOf({ tripwires: [edge] });
    expect(needOf({ tripwires: [{ ...edge, direction: 'b-to-a' }] })).toBeLessThan(both);
  });

  it('of two wires is that of the harder one', () => {
    const pair = { ...gate, secondWire: { points: across(0.92).points } };
    expect(needOf({ tripwires: [pair] })).toBe(needOf({ tripwires: [across(0.92)] }));
  });

  it('of a small watch point and of a zone is finite', () => {
    const corner = {
      ruleId: 'corner',
      centre: [0.5, 0.5] as [number, number],
      radiusOfHeight: 0.02,
    };
    expect(needOf({ watchPoints: [corner] }, 0.2)).toBe(12.5);
    const yard = { ruleId: 'yard', points: gate.points.concat([[0.9, 0.6]]) };
    expect(needOf({ zones: [yard] })).toBeLessThanOrEqual(4);
  });
});

it('a day at one picture a second leaves nothing behind', () => {
  const zone = {
    ruleId: 'yard',
    points: gate.points.concat([[0.9, 0.6]]),
    dwellSeconds: 5,
    occupiedSeconds: 10,
    crowdCount: 2,
  };
  const rules: CameraRules = {
    schemaVersion: 1,
    tripwires: [
      gate,
      {
        ...gate,
        ruleId: 'pair',
        secondWire: {
          points: [
            [0.7, 0.95],
            [0.7, 0.3],
          ],
        },
      },
    ],
    zones: [zone],
    watchPoints: [{ ruleId: 'corner', centre: [0.55, 0.6], radiusOfHeight: 0.2 }],
  };
  const watching = createRules({ rules, aspectRatio: pictureRatio });
  let most = 0;
  for (let hour = 0; hour < 24; hour += 1) {
    // Somebody comes every twenty seconds and is seen for ten.
    const people = Array.from({ length: 180 }, (_, index) => ({
      trackId: hour * 180 + index + 1,
      way: (atMs: number) => walk(atMs - index * 20_000),
    }));
    for (const frame of trackedFrames(people, { fps: 1, seconds: 3599 })) {
      const mediaTimeMs = frame.mediaTimeMs + hour * 3_600_000;
      const tracks = frame.tracks.map((track) => ({ ...track, lastSeenMs: mediaTimeMs }));
      watching.observe({ ...frame, mediaTimeMs, tracks }, strangers);
      if (hour > 0) most = Math.max(most, watching.remembered());
    }
  }
  // The window of the watch point holds thirty passes, that of the two wires three crossings.
  expect(most).toBeLessThan(60);
});
