/** A rule over stored sightings says what it would have said live: the same events, to the last digit. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allRules, type CameraRules } from '../../contract/rule.ts';
import type { Point } from '../../contract/shape.ts';
import {
  eventsOf,
  pictureRatio,
  type Someone,
  trackedFrames,
} from '../../testing/tracked-frames.ts';
import { seededRandom } from '../../testing/walks.ts';
import type { Persons } from './identity/person.ts';
import { replayRule, type TrackRun } from './replay-rule.ts';
import type { TrackedFrame } from './tracking/track.ts';

type Random = () => number;

const seconds = 60;
const place = (random: Random): [number, number] => [
  0.1 + 0.8 * random(),
  Math.round(1000 * (0.3 + 0.65 * random())) / 1000,
];

/** Walks from place to place, is overlooked at times, and may go on under another number. */
function walker(random: Random, trackId: number): readonly Someone[] {
  const [fromMs, untilMs] = [random() * 20_000, 30_000 + random() * 30_000];
  const changedMs = random() < 0.5 ? fromMs + random() * (untilMs - fromMs) : untilMs;
  const stops = Array.from({ length: 6 }, () => place(random));
  const overlooked = Array.from({ length: seconds * 5 + 1 }, () => random() < 0.15);
  const blind = { fromMs: random() * 60_000, ms: random() * 8000 };
  const at = (atMs: number): Point | undefined => {
    const isBlind = atMs >= blind.fromMs && atMs < blind.fromMs + blind.ms;
    if (atMs < fromMs || atMs > untilMs || overlooked[Math.round(atMs / 200)] || isBlind)
      return undefined;
    const along = (atMs / seconds / 1000) * (stops.length - 1);
    const [from, to] = [stops[Math.floor(along)], stops[Math.min(5, Math.floor(along) + 1)]];
    const share = along % 1;
    if (from === undefined || to === undefined) return undefined;
    return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
  };
  const common = {
    label: random() < 0.2 ? 'car' : 'person',
    height: 0.1 + 0.2 * random(),
    confidence: () => 0.4 + 0.5 * random(),
  };
  return [
    { ...common, trackId, way: (atMs) => (atMs < changedMs ? at(atMs) : undefined) },
    { ...common, trackId: trackId + 100, way: (atMs) => (atMs < changedMs ? undefined : at(atMs)) },
  ];
}

/** Somebody is always there: frames without anybody are not stored, and live ones let time pass. */
function film(random: Random): readonly TrackedFrame[] {
  const stander: Someone = { trackId: 99, way: () => [0.02, 0.2] };
  const people = Array.from({ length: 6 }, (_, nth) => walker(random, nth + 1)).flat();
  return trackedFrames([stander, ...people], { seconds, lostMs: 5000 }).map((frame) => ({
    ...frame,
    tracks: frame.tracks.map((track) => {
      if (track.firstSeenMs !== track.lastSeenMs) return track;
      const points = [{ mediaTimeMs: Math.max(0, frame.mediaTimeMs - 200), box: track.box }];
      return { ...track, earlierPoints: points };
    }),
  }));
}

/** Who changed number is known again, some for the person of another. */
const persons: Persons = {
  personOf: (trackId) => {
    const personId = trackId > 100 ? trackId - 100 : trackId === 6 ? 5 : trackId;
    return { personId, link: personId === trackId ? 'same-track' : 'certain' };
  },
};

function stored(frames: readonly TrackedFrame[]): TrackRun {
  return {
    aspectRatio: pictureRatio,
    tell: (taker) => {
      for (const { capturedAtMs, mediaTimeMs, tracks } of frames) {
        taker.frame(capturedAtMs);
        for (const { trackId, label, confidence, box, earlierPoints } of tracks) {
          const { personId } = persons.personOf(trackId);
          const { left, top, right, bottom } = box;
          taker.sighting(trackId, personId, label, confidence, left, top, right, bottom);
          if (earlierPoints === undefined) continue;
          const startMs = capturedAtMs - mediaTimeMs;
          taker.earlier(
            earlierPoints.map((point) => ({
              capturedAtMs: startMs + point.mediaTimeMs,
              box: point.box,
            })),
          );
        }
      }
    },
  };
}

const kinds: readonly ((random: Random) => CameraRules)[] = [
  (random) => ({
    schemaVersion: 1,
    tripwires: [{ ruleId: 'wire', points: [place(random), place(random), place(random)] }],
  }),
  (random) => ({
    schemaVersion: 1,
    tripwires: [
      {
        ruleId: 'two-wires',
        points: [place(random), place(random)],
        secondWire: { points: [place(random), place(random)] },
      },
    ],
  }),
  (random) => ({
    schemaVersion: 1,
    zones: [
      {
        ruleId: 'zone',
        points: [place(random), place(random), place(random), place(random)],
        dwellSeconds: 3,
        occupiedSeconds: 5,
        crowdCount: 2,
        crowdSeconds: 1,
        leastConfidence: 0.5,
      },
    ],
  }),
  (random) => ({
    schemaVersion: 1,
    watchPoints: [{ ruleId: 'point', centre: place(random), radiusOfHeight: 0.15, passes: 1 }],
  }),
];

describe('a rule over stored sightings', () => {
  it('says what it would have said live', () => {
    const told = new Map<string, number>();
    const property = fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
      const random = seededRandom(seed);
      const frames = film(random);
      for (const kind of kinds) {
        const rules = kind(random);
        const { firings } = replayRule([stored(frames)], rules);
        expect(firings).toEqual(eventsOf(rules, frames, persons));
        const ruleId = allRules(rules)[0]?.ruleId ?? '';
        told.set(ruleId, (told.get(ruleId) ?? 0) + firings.length);
      }
    });
    fc.assert(property, { numRuns: 40, seed: 20_261_124 });
    expect([...told.values()].every((count) => count > 5)).toBe(true);
  });
});
