/** Looks at the whole picture and at crops, merged: everybody once. */
import { expect, test } from 'vitest';
import type { Box } from '../../contract/shape.ts';
import type { Detection } from './detection.ts';
import { mergeLooks } from './merge-looks.ts';

const whole: Box = { left: 0, top: 0, right: 1, bottom: 1 };
const leftHalf: Box = { left: 0, top: 0, right: 0.5, bottom: 1 };
const rightHalf: Box = { left: 0.5, top: 0, right: 1, bottom: 1 };

function seen(
  left: number,
  top: number,
  right: number,
  bottom: number,
  confidence = 0.6,
): Detection {
  return { box: { left, top, right, bottom }, label: 'person', confidence };
}

test('a box of a crop is told in shares of the picture', () => {
  const area = { left: 0.5, top: 0.25, right: 0.75, bottom: 0.5 };
  const [found] = mergeLooks([{ area, detections: [seen(0.4, 0.2, 0.6, 0.8)] }]);
  expect(found?.box.left).toBeCloseTo(0.6);
  expect(found?.box.top).toBeCloseTo(0.3);
  expect(found?.box.right).toBeCloseTo(0.65);
  expect(found?.box.bottom).toBeCloseTo(0.45);
});

test.each([
  [
    'who is seen in the whole picture and in a crop, as the sharper crop saw him',
    [
      { area: whole, detections: [seen(0.2, 0.4, 0.26, 0.6, 0.62)] },
      { area: leftHalf, detections: [seen(0.42, 0.4, 0.52, 0.6, 0.6)] },
    ],
    [0.21],
  ],
  [
    'who is cut by the border between two crops, as the whole picture shows him',
    [
      { area: whole, detections: [seen(0.45, 0.3, 0.55, 0.7, 0.5)] },
      { area: leftHalf, detections: [seen(0.9, 0.3, 1, 0.7, 0.9)] },
      { area: rightHalf, detections: [seen(0, 0.3, 0.1, 0.7, 0.9)] },
    ],
    [0.45],
  ],
  [
    'two people side by side, as two',
    [
      { area: whole, detections: [seen(0.2, 0.4, 0.24, 0.6)] },
      { area: leftHalf, detections: [seen(0.5, 0.4, 0.58, 0.6)] },
    ],
    [0.2, 0.25],
  ],
  [
    'two people of whom one hides half of the other, as two, seen by one crop or by both',
    [
      {
        area: leftHalf,
        detections: [seen(0.5, 0.4, 0.58, 0.6, 0.7), seen(0.524, 0.4, 0.604, 0.6, 0.6)],
      },
      {
        area: { left: 0.1, top: 0, right: 0.6, bottom: 1 },
        detections: [seen(0.3, 0.4, 0.38, 0.6, 0.68), seen(0.324, 0.4, 0.404, 0.6, 0.58)],
      },
    ],
    [0.25, 0.262],
  ],
  [
    'nobody whose feet are below a crop, for where he stands is not known',
    [{ area: { left: 0, top: 0, right: 1, bottom: 0.5 }, detections: [seen(0.1, 0.8, 0.2, 1)] }],
    [],
  ],
  [
    'who is cut by the edge of the picture itself',
    [{ area: rightHalf, detections: [seen(0.9, 0.8, 1, 1)] }],
    [0.95],
  ],
])('%s', (_, looks, lefts) => {
  const found = mergeLooks(looks).map(({ box }) => box.left);
  expect(found.sort((a, b) => a - b).map((left) => Math.round(left * 1000) / 1000)).toEqual(lefts);
});
