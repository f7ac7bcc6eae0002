/** Before the detector of one camera, on pictures with a block that walks: what moves is looked at, and stillness is not. */
import { describe, expect, test } from 'vitest';
import type { Frame } from './camera/frame.ts';
import { createLookout } from './lookout.ts';
import { createPictureGuard } from './picture-guard.ts';

const [width, height] = [320, 180];

/** `blockAt` is where the left side of a block of 12 x 40 pixels is, in pixels. */
function frameAt(mediaTimeMs: number, blockAt?: number, level = 60): Frame {
  const pixels = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at += 1) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const isBlock = blockAt !== undefined && x >= blockAt && x < blockAt + 12 && y > 80 && y < 120;
    pixels.fill(isBlock ? 220 : level + ((x * 7 + y * 11) % 50), at * 3, at * 3 + 3);
  }
  return {
    cameraId: 'cam-1',
    frameNumber: 1,
    capturedAtMs: 1_800_000_000_000 + mediaTimeMs,
    mediaTimeMs,
    width,
    height,
    sourceWidth: width,
    sourceHeight: height,
    pixels,
  };
}

const rules = { schemaVersion: 1 } as const;
const walker = {
  trackId: 1,
  personId: 1,
  state: 'confirmed',
  label: 'person',
  confidence: 0.8,
  box: { left: 0.4, right: 0.45, top: 0.4, bottom: 0.7 },
  firstSeenMs: 0,
  lastSeenMs: 9800,
} as const;

describe('the lookout', () => {
  test('asks for a look every three seconds while nothing moves, and at once when something does', () => {
    const lookout = createLookout({ rules, aspectRatio: 16 / 9 });
    const times = Array.from({ length: 50 }, (_, index) => index * 200);
    const looks = times.filter((atMs) => lookout.wantsLook(frameAt(atMs)));
    expect(looks.filter((atMs) => atMs >= 2000).length).toBeLessThanOrEqual(4);
    const moving = [10_000, 10_200, 10_400, 10_600];
    expect(
      moving.filter((atMs, index) => lookout.wantsLook(frameAt(atMs, 100 + index * 8))),
    ).toEqual(moving);
  });

  test('goes on asking for somebody who is followed and stands still', () => {
    const lookout = createLookout({ rules, aspectRatio: 16 / 9 });
    for (let atMs = 0; atMs < 10_000; atMs += 200) lookout.wantsLook(frameAt(atMs));
    lookout.looked([walker], 9800);
    const times = Array.from({ length: 15 }, (_, index) => 10_000 + index * 200);
    expect(times.filter((atMs) => lookout.wantsLook(frameAt(atMs))).length).toBeGreaterThanOrEqual(
      3,
    );
  });
});

test.each([
  ['moving', 'every frame while something is followed', [walker], 5],
  ['every', 'every frame, whatever it shows', [], 5],
  ['adaptive', 'none that nothing asks for', [], 0],
] as const)('with looks %s the detector gets %s', (looks, _what, followed, expected) => {
  const lookout = createLookout({ rules, aspectRatio: 16 / 9, looks });
  for (let atMs = 0; atMs <= 9000; atMs += 200) lookout.wantsLook(frameAt(atMs));
  lookout.looked(followed, 9000);
  const times = Array.from({ length: 5 }, (_, index) => 9200 + index * 200);
  expect(times.filter((atMs) => lookout.wantsLook(frameAt(atMs))).length).toBe(expected);
});

test('whoever is found while the scene is new is looked at closely again, before anything is known to move', () => {
  // Some fifty tiles, four at each look: no tile comes twice by itself.
  const closely = { input: { width: 52, height: 40 }, leastWidth: 0, zoom: 1, mostCrops: 2 };
  const lookout = createLookout({ rules, aspectRatio: 16 / 9, closely });
  const box = { left: 0.7, right: 0.72, top: 0.7, bottom: 0.78 };
  const found = [{ box, label: 'person', confidence: 0.6 }];
  const unsure = [{ box: { ...box, left: 0.1, right: 0.12 }, label: 'person', confidence: 0.2 }];
  const holds = (at: number) =>
    lookout
      .areas(frameAt(at))
      .crops.some(
        (crop) =>
          crop.left <= box.left &&
          crop.right >= box.right &&
          crop.top <= box.top &&
          crop.bottom >= box.bottom,
      );
  const looks = [200, 400, 600, 800].map((atMs) => {
    expect(lookout.wantsLook(frameAt(atMs))).toBe(true);
    const isLookedAt = holds(atMs);
    lookout.looked([], atMs, [...found, ...unsure]);
    return isLookedAt;
  });
  expect(looks.slice(1)).toEqual([true, true, true]);
  for (let atMs = 1000; atMs <= 6000; atMs += 200) lookout.wantsLook(frameAt(atMs));
  lookout.looked([], 6000, found);
  const later = [6200, 6400].map((atMs) => lookout.areas(frameAt(atMs)).crops.length);
  expect(Math.max(...later)).toBeLessThanOrEqual(1);
});

test('the guard makes an event with a sentence for the technician when the picture goes dark', () => {
  const guard = createPictureGuard('cam-1');
  const found = Array.from({ length: 60 }, (_, second) => {
    const level = second < 30 ? 60 : -50;
    return guard.look(level > 0 ? frameAt(second * 1000) : black(second * 1000));
  }).filter((draft) => draft !== undefined);
  expect(found).toEqual([
    expect.objectContaining({
      kind: 'camera-tampered',
      tampering: 'too-dark',
      reason: expect.stringMatching(/^camera cam-1: .*too dark.*;/),
    }),
  ]);
});

function black(mediaTimeMs: number): Frame {
  return { ...frameAt(mediaTimeMs), pixels: new Uint8Array(width * height * 3).fill(3) };
}
