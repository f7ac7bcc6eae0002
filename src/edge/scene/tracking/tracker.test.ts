import { describe, expect, it } from 'vitest';
import type { Detection } from '../../detector/detection.ts';
import type { TrackedFrame } from './track.ts';
import { createTracker } from './tracker.ts';

const aspectRatio = 4 / 3;
const height = 0.2;

/** A person of 0.2 picture heights with the feet at x, y (fractions of the picture). */
function person(x: number, y: number, more: Partial<Detection> = {}): Detection {
  const half = (0.4 * height) / aspectRatio / 2;
  return {
    box: { left: x - half, right: x + half, top: y - height, bottom: y },
    label: 'person',
    confidence: 0.75,
    ...more,
  };
}

/** A vector of unit length that says nothing but which one it is. */
function lookOf(index: number): Float32Array {
  return Float32Array.from({ length: 4 }, (_, i) => (i === index ? 1 : 0));
}

function timesAt(fps: number, seconds: number): number[] {
  return Array.from({ length: Math.floor(seconds * fps) + 1 }, (_, i) => (i * 1000) / fps);
}

function run(times: readonly number[], scene: (seconds: number) => readonly Detection[]) {
  const tracker = createTracker({ aspectRatio });
  const frames = times.map((ms) => tracker.observe(scene(ms / 1000), ms, ms));
  return { tracker, frames };
}

function idsIn(frames: readonly TrackedFrame[]): readonly number[] {
  return [...new Set(frames.flatMap((frame) => frame.tracks.map((track) => track.trackId)))];
}

/** Which track stands nearest to x in the frame. */
function idNear(frame: TrackedFrame | undefined, x: number): number | undefined {
  return frame?.tracks
    .map((track) => ({
      id: track.trackId,
      off: Math.abs((track.box.left + track.box.right) / 2 - x),
    }))
    .sort((a, b) => a.off - b.off)[0]?.id;
}

const walk = (seconds: number) => 0.1 + 0.1 * seconds;

describe.each([3, 5, 10, 25])('at %d frames a second', (fps) => {
  it('one walker is one track', () => {
    const { frames } = run(timesAt(fps, 6), (t) => [person(walk(t), 0.7)]);
    expect(idsIn(frames)).toEqual([1]);
    expect(frames.at(-1)?.tracks[0]?.state).toBe('confirmed');
  });

  it('two people who meet and pass each other keep their ids', () => {
    const scene = (t: number) => [person(0.2 + 0.1 * t, 0.7), person(0.8 - 0.1 * t, 0.72)];
    const { frames } = run(timesAt(fps, 6), scene);
    const early = frames.find((frame) => frame.tracks.length === 2);
    expect(idsIn(frames)).toHaveLength(2);
    expect(idNear(frames.at(-1), 0.8)).toBe(idNear(early, 0.2));
    expect(idNear(frames.at(-1), 0.2)).toBe(idNear(early, 0.8));
  });

  it('a walker hidden for 2 s is the same track', () => {
    const scene = (t: number) => (t > 2 && t < 4 ? [] : [person(walk(t), 0.7)]);
    const { frames } = run(timesAt(fps, 6), scene);
    expect(idsIn(frames)).toEqual([1]);
    expect(frames.at(-1)?.tracks[0]?.state).toBe('confirmed');
  });

  it('the way of a walker who was hidden for 1 s is told once it is known, frame by frame', () => {
    const { frames } = run(timesAt(fps, 6), (t) =>
      t > 2.9 && t < 3.9 ? [] : [person(walk(t), 0.7)],
    );
    const filled = frames
      .filter(({ mediaTimeMs }) => mediaTimeMs > 3000)
      .flatMap(({ tracks }) => tracks.flatMap((track) => track.earlierPoints ?? []));
    expect(filled.map((point) => point.mediaTimeMs)).toEqual(
      timesAt(fps, 6).filter((ms) => ms > 2900 && ms < 3900),
    );
    for (const { box, mediaTimeMs } of filled) {
      expect((box.left + box.right) / 2).toBeCloseTo(walk(mediaTimeMs / 1000), 1);
    }
  });

  it('somebody who comes out of hiding faintly is the same track, and would not be one alone', () => {
    const faint = (t: number) => [person(0.5, 0.7, { confidence: t < 3.1 ? 0.7 : 0.45 })];
    const { frames } = run(timesAt(fps, 8), (t) => (t > 3 && t < 5 ? [] : faint(t)));
    expect(frames.at(-1)?.tracks.map(({ trackId, state }) => [trackId, state])).toEqual([
      [1, 'confirmed'],
    ]);
    expect(idsIn(run(timesAt(fps, 2), () => faint(4)).frames)).toEqual([]);
  });

  it('somebody at the same place 7 s later is another track', () => {
    const scene = (t: number) => (t > 2 && t < 9 ? [] : [person(0.5, 0.7)]);
    expect(idsIn(run(timesAt(fps, 11), scene).frames)).toHaveLength(2);
  });

  it('a flicker of one frame is never a track', () => {
    const times = timesAt(fps, 6);
    const middle = times[Math.floor(times.length / 2)] ?? 0;
    const { frames } = run(times, (t) => (t * 1000 === middle ? [person(0.5, 0.7)] : []));
    expect(idsIn(frames)).toEqual([]);
  });

  it('weak detections carry a track on but do not begin one', () => {
    const fading = (t: number) => [person(walk(t), 0.7, { confidence: t < 2 ? 0.7 : 0.25 })];
    const { frames } = run(timesAt(fps, 5), fading);
    expect(frames.at(-1)?.tracks.map((track) => track.state)).toEqual(['confirmed']);
    const faint = (t: number) => [person(walk(t), 0.7, { confidence: 0.25 })];
    expect(idsIn(run(timesAt(fps, 5), faint).frames)).toEqual([]);
  });

  it('a sign that looks a little like a person is no track, and a walker before it passes on', () => {
    const sign = person(0.5, 0.7, { confidence: 0.45 });
    const scene = (t: number) => (t < 6 ? [sign] : [sign, person(walk(t - 6), 0.73)]);
    const { frames } = run(timesAt(fps, 14), scene);
    expect(idsIn(frames)).toEqual([1]);
    expect(idNear(frames.at(-1), walk(8))).toBe(1);
    const box = frames.at(-1)?.tracks[0]?.box;
    expect(((box?.left ?? 0) + (box?.right ?? 0)) / 2).toBeCloseTo(walk(8), 1);
  });

  it('the frame that confirms tells where the track was before, once', () => {
    const { frames } = run(timesAt(fps, 3), (t) => [person(walk(t), 0.7)]);
    const telling = frames.filter((frame) => frame.tracks.some((track) => track.earlierPoints));
    expect(telling).toHaveLength(1);
    expect(telling[0]?.tracks[0]?.earlierPoints?.[0]?.mediaTimeMs).toBe(0);
  });

  it('a track that ended is named once, and forgotten', () => {
    const { tracker, frames } = run(timesAt(fps, 12), (t) => (t < 4 ? [person(0.5, 0.7)] : []));
    expect(frames.flatMap((frame) => frame.endedTrackIds)).toEqual([1]);
    expect(tracker.remembered()).toBe(0);
  });
});

it('an uneven frame rate gives the same track as an even one', () => {
  const uneven = timesAt(25, 8).filter((_, i) => i % 2 === 0 || (i * 7919) % 5 < 2);
  const scene = (t: number) => [person(0.2 + 0.07 * t, 0.7), person(0.8 - 0.07 * t, 0.76)];
  const [even, odd] = [timesAt(25, 8), uneven].map((times) => run(times, scene).frames);
  expect(idsIn(odd ?? [])).toEqual(idsIn(even ?? []));
  for (const x of [0.76, 0.24]) expect(idNear(odd?.at(-1), x)).toBe(idNear(even?.at(-1), x));
});

it('two people who meet, are hidden and turn back keep their ids by what they look like', () => {
  const scene = (looks: boolean) => (t: number) => {
    const apart = 0.05 * Math.abs(t - 4);
    if (apart < 0.03) return [];
    const look = (index: number) => (looks ? { appearance: lookOf(index) } : {});
    return [person(0.5 - apart, 0.7, look(0)), person(0.5 + apart, 0.7, look(1))];
  };
  const idsAround = (looks: boolean) => {
    const { frames } = run(timesAt(10, 8), scene(looks));
    const early = frames.find((frame) => frame.tracks.length === 2);
    return [early, frames.at(-1)].map((frame) => [idNear(frame, 0.3), idNear(frame, 0.7)]);
  };
  const [before, after] = idsAround(true);
  expect(after).toEqual(before);
  // Motion alone says that they walked on through each other.
  const [unknownBefore, unknownAfter] = idsAround(false);
  expect(unknownAfter).toEqual(unknownBefore?.toReversed());
});

it('a walker who stops and vanishes where a flickering sign stands does not stay there as the sign', () => {
  const sign = person(0.5, 0.7, { confidence: 0.45 });
  const scene = (t: number) => {
    if (t >= 6 && t <= 12) return [person(Math.min(0.5, 0.1 + 0.1 * (t - 6)), 0.7)];
    return t < 6 || Math.round(t * 5) % 2 === 0 ? [sign] : [];
  };
  const { frames } = run(timesAt(5, 15), scene);
  expect(frames.find((frame) => frame.mediaTimeMs === 12_000)?.tracks[0]?.state).toBe('confirmed');
  const after = frames.filter((frame) => frame.mediaTimeMs > 12_000);
  expect(after.flatMap(({ tracks }) => tracks.filter((one) => one.state === 'confirmed'))).toEqual(
    [],
  );
});

it('a second box on the same person is no second track', () => {
  const scene = (t: number) => {
    const one = person(walk(t), 0.7);
    const taller = { ...one.box, bottom: one.box.bottom + 0.06 };
    return [one, { ...one, box: taller, confidence: 0.6 }];
  };
  expect(idsIn(run(timesAt(10, 6), scene).frames)).toEqual([1]);
});

it('a bicycle does not carry on the track of a person', () => {
  const scene = (t: number) => [person(0.5, 0.7, { label: t < 3 ? 'person' : 'bicycle' })];
  const { frames } = run(timesAt(5, 6), scene);
  const labels = frames.at(-1)?.tracks.filter((track) => track.state === 'confirmed');
  expect(labels?.map((track) => track.label)).toEqual(['bicycle']);
});

it('whoever has walked out of the picture is given up sooner than one who is hidden', () => {
  const scene = (t: number) => (t < 3 ? [person(0.7 + 0.1 * t, 0.7)] : []);
  const { frames } = run(timesAt(10, 6), scene);
  const ended = frames.find((frame) => frame.endedTrackIds.length > 0);
  expect(ended?.mediaTimeMs).toBeLessThan(4500);
});

it('a break of the picture longer than the patience ends every track', () => {
  const times = [...timesAt(5, 3), ...timesAt(5, 3).map((ms) => ms + 30_000)];
  const { frames } = run(times, () => [person(0.5, 0.7)]);
  expect(idsIn(frames)).toEqual([1, 2]);
});
