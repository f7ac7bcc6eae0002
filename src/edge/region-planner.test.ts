/** Which parts of a picture of 1920x1080 are looked at closely, and in which order. */
import { expect, test } from 'vitest';
import type { Box } from '../contract/shape.ts';
import { createRegionPlanner } from './region-planner.ts';

const frame = { width: 1920, height: 1080 };
const settings = { input: { width: 416, height: 320 }, leastWidth: 0, zoom: 1 };

/** Somebody 30 pixels tall. */
function personAt(x: number, y: number): Box {
  return { left: x, top: y, right: x + 12 / 1920, bottom: y + 30 / 1080 };
}

function contains(outer: Box, inner: Box): boolean {
  return (
    outer.left <= inner.left &&
    outer.top <= inner.top &&
    outer.right >= inner.right &&
    outer.bottom >= inner.bottom
  );
}

const nobody = { motion: [], followed: [] };
const sizeOf = ({ left, top, right, bottom }: Box) => [
  Math.round((right - left) * 1920),
  Math.round((bottom - top) * 1080),
];

test('crops have the size of the model, lie in the picture and contain the small things that move', () => {
  const planner = createRegionPlanner(frame, settings);
  planner.plan({ mediaTimeMs: 0, ...nobody });
  const corners = [personAt(0, 0), personAt(0.99, 0.97), personAt(0.5, 0.5)];
  const crops = planner.plan({ mediaTimeMs: 200, motion: corners, followed: [] });
  expect(crops.map(sizeOf)).toEqual([
    [416, 320],
    [416, 320],
    [416, 320],
  ]);
  for (const corner of corners) expect(crops.some((crop) => contains(crop, corner))).toBe(true);
  for (const crop of crops)
    expect(contains({ left: 0, top: 0, right: 1, bottom: 1 }, crop)).toBe(true);
});

test('neighbours share a crop, and what is tall in the whole picture needs none', () => {
  const planner = createRegionPlanner(frame, settings);
  planner.plan({ mediaTimeMs: 0, ...nobody });
  const near = { left: 0.1, top: 0.1, right: 0.2, bottom: 0.6 };
  const motion = [personAt(0.5, 0.5), personAt(0.55, 0.52), personAt(0.6, 0.48), near];
  expect(planner.plan({ mediaTimeMs: 200, motion, followed: [] })).toHaveLength(1);
});

test('with more to look at than crops, everybody has a turn, and who is near a rule has it more often', () => {
  const planner = createRegionPlanner(frame, { ...settings, mostCrops: 2, sweepSeconds: 1e6 });
  const places = [0.05, 0.35, 0.65, 0.9].flatMap((x) => [personAt(x, 0.05), personAt(x, 0.9)]);
  const followed = places.map((box, at) => ({ box, isNearRule: at === 3 }));
  const turns = places.map(() => 0);
  for (let mediaTimeMs = 0; mediaTimeMs < 8000; mediaTimeMs += 200) {
    const crops = planner.plan({ mediaTimeMs, motion: [], followed });
    expect(crops.length).toBeLessThanOrEqual(3);
    places.forEach((box, at) => {
      if (crops.some((crop) => contains(crop, box))) turns[at] = (turns[at] ?? 0) + 1;
    });
  }
  const others = turns.filter((_, at) => at !== 3);
  expect(Math.min(...others)).toBeGreaterThanOrEqual(5);
  expect(turns[3]).toBeGreaterThan(1.5 * Math.max(...others));
});

test('where nothing moves the sweep has looked at every part of the picture within its time', () => {
  const planner = createRegionPlanner(frame, { ...settings, sweepSeconds: 8 });
  const looked: Box[] = [];
  let looks = 0;
  for (let mediaTimeMs = 0; mediaTimeMs <= 9000; mediaTimeMs += 200) {
    if (!planner.isSweepDue(mediaTimeMs)) continue;
    looks += 1;
    looked.push(...planner.plan({ mediaTimeMs, ...nobody }));
  }
  for (let x = 0; x < 0.99; x += 0.05)
    for (let y = 0; y < 0.97; y += 0.05)
      expect(looked.some((crop) => contains(crop, personAt(x, y)))).toBe(true);
  expect(looks).toBeLessThan(40);
});

test('while the scene is new every part is looked at within five looks, and who was found at every one', () => {
  const planner = createRegionPlanner({ ...frame, sourceWidth: 1920 }, { ...settings, zoom: 1.5 });
  const found = personAt(0.2, 0.2);
  const followed = [{ box: found, isNearRule: false }];
  const everything = [{ left: 0, top: 0, right: 1, bottom: 1 }];
  const looked: Box[] = [];
  for (let look = 0; look < 5; look += 1) {
    const situation = { mediaTimeMs: look * 200, motion: everything, isLearning: true };
    const crops = planner.plan({ ...situation, followed: look === 0 ? [] : followed });
    expect(crops).toHaveLength(6);
    if (look > 0) expect(crops.some((crop) => contains(crop, found))).toBe(true);
    looked.push(...crops);
  }
  for (let x = 0; x < 0.99; x += 0.05)
    for (let y = 0; y < 0.97; y += 0.05)
      expect(looked.some((crop) => contains(crop, personAt(x, y)))).toBe(true);
  expect(planner.plan({ mediaTimeMs: 1200, motion: [], followed }).length).toBeLessThanOrEqual(2);
});

test('a picture that was shrunk is looked at more closely by as much', () => {
  const shrunk = { width: 1280, height: 720, sourceWidth: 1920 };
  const planner = createRegionPlanner(shrunk, { ...settings, zoom: 1.5 });
  planner.plan({ mediaTimeMs: 0, ...nobody });
  const motion = [personAt(0.5, 0.5)];
  const [crop] = planner.plan({ mediaTimeMs: 200, motion, followed: [] });
  expect(crop === undefined ? [] : sizeOf(crop)).toEqual([277, 213]);
});
