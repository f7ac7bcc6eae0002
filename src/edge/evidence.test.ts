/** The snapshot of an event: what is drawn into it. */
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { SceneEvent } from '../contract/rule-event.ts';
import { crossingDraft } from '../testing/events.ts';
import { drawSnapshot } from './evidence.ts';

const width = 400;
const height = 300;
const frame = {
  cameraId: 'cam-1',
  frameNumber: 1,
  capturedAtMs: 0,
  mediaTimeMs: 0,
  width,
  height,
  sourceWidth: width,
  sourceHeight: height,
  pixels: new Uint8Array(width * height * 3).fill(90),
};
const event = crossingDraft() as SceneEvent;
const wire = {
  ruleId: 'gate',
  points: [
    [0.1, 0.9],
    [0.9, 0.9],
  ],
} as const;

async function colourAt(jpeg: Uint8Array, x: number, y: number): Promise<readonly number[]> {
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  const at =
    (Math.round(y * info.height) * info.width + Math.round(x * info.width)) * info.channels;
  return [...data.subarray(at, at + 3)];
}

test('it is a JPEG of the frame with the person in red, the wire in yellow and the rest as it was', async () => {
  const jpeg = await drawSnapshot(frame, [], event, {
    ...wire,
    points: [
      [0.1, 0.9],
      [0.9, 0.9],
    ],
  });
  expect(await sharp(jpeg).metadata()).toMatchObject({ format: 'jpeg', width, height });

  const [personRed = 0, personGreen = 255] = await colourAt(jpeg, event.box.left, 0.45);
  expect(personRed - personGreen).toBeGreaterThan(80);
  const [wireRed = 0, , wireBlue = 255] = await colourAt(jpeg, 0.2, 0.9);
  expect(wireRed - wireBlue).toBeGreaterThan(80);
  const [emptyRed = 0, emptyGreen = 255] = await colourAt(jpeg, 0.8, 0.2);
  expect(Math.abs(emptyRed - emptyGreen)).toBeLessThan(12);
});

test('a watch point is drawn as a circle with its radius in picture heights', async () => {
  const watchPoint = {
    ruleId: 'corner',
    centre: [0.5, 0.5] as [number, number],
    radiusOfHeight: 0.4,
  };
  const jpeg = await drawSnapshot(
    frame,
    [],
    { ...event, box: { left: 0, top: 0, right: 0.01, bottom: 0.01 } },
    watchPoint,
  );
  const [red = 0, , blue = 255] = await colourAt(jpeg, 0.5, 0.9);
  expect(red - blue).toBeGreaterThan(60);
});

test('of a picture too large to be sent it is a smaller one, with everything in its place', async () => {
  const [wide, high] = [3840, 2160];
  const pixels = new Uint8Array(wide * high * 3).fill(90);
  const large = { ...frame, width: wide, height: high, pixels };
  const points = wire.points.map(([x, y]): [number, number] => [x, y]);
  const jpeg = await drawSnapshot(large, [], event, { ...wire, points });
  expect(await sharp(jpeg).metadata()).toMatchObject({ width: 1920, height: 1080 });
  const [wireRed = 0, , wireBlue = 255] = await colourAt(jpeg, 0.2, 0.9);
  expect(wireRed - wireBlue).toBeGreaterThan(80);
  const [personRed = 0, personGreen = 255] = await colourAt(jpeg, event.box.left, 0.45);
  expect(personRed - personGreen).toBeGreaterThan(80);
});
