import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Detection } from '../../detector/detection.ts';
import type { TrackedFrame } from './track.ts';
import { createTracker } from './tracker.ts';

const detection = fc
  .record({
    x: fc.double({ min: 0, max: 1, noNaN: true }),
    y: fc.double({ min: 0, max: 1, noNaN: true }),
    height: fc.double({ min: 0.02, max: 0.6, noNaN: true }),
    label: fc.constantFrom('person', 'bicycle'),
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(
    ({ x, y, height, label, confidence }): Detection => ({
      box: { left: x - height / 8, right: x + height / 8, top: y - height, bottom: y },
      label,
      confidence,
    }),
  );
const frame = fc.record({
  intervalMs: fc.integer({ min: 0, max: 1000 }),
  detections: fc.array(detection, { maxLength: 8 }),
});
const clip = fc.array(frame, { maxLength: 40 });

type Clip = readonly { intervalMs: number; detections: readonly Detection[] }[];

function track(frames: Clip, aspectRatio = 16 / 9) {
  const tracker = createTracker({ aspectRatio });
  let mediaTimeMs = 0;
  const observed = frames.map(({ intervalMs, detections }) => {
    mediaTimeMs += intervalMs;
    return tracker.observe(detections, mediaTimeMs, mediaTimeMs);
  });
  return { tracker, observed, endMs: mediaTimeMs };
}

it('whatever is seen, no id is told twice in a frame, none comes back after its end, all boxes are finite', () => {
  fc.assert(
    fc.property(clip, (frames) => {
      const ended = new Set<number>();
      for (const { tracks, endedTrackIds } of track(frames).observed) {
        for (const id of endedTrackIds) ended.add(id);
        const ids = tracks.map((one) => one.trackId);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.filter((id) => ended.has(id))).toEqual([]);
        for (const { box } of tracks) {
          expect(Object.values(box).every(Number.isFinite)).toBe(true);
          expect(box.right).toBeGreaterThan(box.left);
          expect(box.bottom).toBeGreaterThan(box.top);
        }
      }
    }),
    { numRuns: 60 },
  );
});

it('whatever was seen, ten empty minutes later nothing is remembered and every track has ended once', () => {
  fc.assert(
    fc.property(clip, (frames) => {
      const { tracker, observed, endMs } = track(frames);
      const after = [1, 2, 600].map((s) => tracker.observe([], endMs + s * 1000, endMs + s * 1000));
      const all = [...observed, ...after];
      const told = new Set(all.flatMap(({ tracks }) => tracks.map((one) => one.trackId)));
      const ended = all.flatMap(({ endedTrackIds }) => endedTrackIds);
      expect(tracker.remembered()).toBe(0);
      expect([...ended].sort((a, b) => a - b)).toEqual([...told].sort((a, b) => a - b));
    }),
    { numRuns: 60 },
  );
});

function placesTold({ tracks, mediaTimeMs }: TrackedFrame) {
  return tracks
    .filter(({ state }) => state === 'confirmed')
    .flatMap(({ trackId, earlierPoints = [] }) =>
      [...earlierPoints, { mediaTimeMs }].map((one) => ({ trackId, atMs: one.mediaTimeMs })),
    );
}

it('whatever is seen, no track is told to be in two places at one time, nor earlier than told before', () => {
  fc.assert(
    fc.property(clip, (frames) => {
      const told = new Map<number, number>();
      for (const { trackId, atMs } of track(frames).observed.flatMap(placesTold)) {
        expect(atMs).toBeGreaterThanOrEqual(told.get(trackId) ?? 0);
        told.set(trackId, atMs);
      }
    }),
    { numRuns: 60 },
  );
});

it('the mirrored picture gives the mirrored tracks', () => {
  const mirrored = (box: Detection['box']) => ({
    ...box,
    left: 1 - box.right,
    right: 1 - box.left,
  });
  fc.assert(
    fc.property(clip, (frames) => {
      const flipped = frames.map(({ intervalMs, detections }) => ({
        intervalMs,
        detections: detections.map((one) => ({ ...one, box: mirrored(one.box) })),
      }));
      const [plain, mirror] = [track(frames).observed, track(flipped).observed];
      for (const [index, { tracks }] of plain.entries()) {
        const others = mirror[index]?.tracks ?? [];
        expect(others.map((one) => one.trackId)).toEqual(tracks.map((one) => one.trackId));
        for (const [i, one] of tracks.entries()) {
          expect(others[i]?.box.left).toBeCloseTo(mirrored(one.box).left, 6);
        }
      }
    }),
    { numRuns: 40 },
  );
});
