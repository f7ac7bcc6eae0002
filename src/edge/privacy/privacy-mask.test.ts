/** Masks over real pictures: what is hidden is black, what is not is as it was. */
import { expect, test } from 'vitest';
import { readClip } from '../camera/clip-reader.ts';
import type { Frame } from '../camera/frame.ts';
import { createMaskPainter, hasPrivacyMask, type MaskOutline, masksOf } from './privacy-mask.ts';

const triangle: MaskOutline = [
  [0.2, 0.2],
  [0.8, 0.3],
  [0.5, 0.9],
];
const corner: MaskOutline = [
  [0.9, 0.9],
  [1, 0.9],
  [1, 1],
  [0.9, 1],
];

async function firstFrame(): Promise<Frame> {
  const clip = 'test-fixtures/clips/town-square.mp4';
  for await (const frame of readClip({ path: clip, analysisFps: 5 })) return frame;
  throw new Error('the clip is empty');
}

function isInside(outline: MaskOutline, x: number, y: number): boolean {
  return outline.reduce((inside, [ax, ay], at) => {
    const [bx, by] = outline[(at + 1) % outline.length] ?? [ax, ay];
    const crosses = ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax;
    return crosses ? !inside : inside;
  }, false);
}

test('every pixel of a real frame that a mask touches is black and nearly every other is as it was', async () => {
  const frame = await firstFrame();
  const { width, height, pixels } = frame;
  const before = Uint8Array.from(pixels);
  createMaskPainter([triangle, corner]).paint(frame);

  let [hidden, wronglyShown, changedOutside] = [0, 0, 0];
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const at = (row * width + column) * 3;
      const [x, y] = [(column + 0.5) / width, (row + 0.5) / height];
      const isHidden = [triangle, corner].some((outline) => isInside(outline, x, y));
      const colour = [...pixels.subarray(at, at + 3)];
      if (isHidden) hidden += 1;
      if (isHidden && colour.some((value) => value !== 0)) wronglyShown += 1;
      const wasSame = colour.every((value, channel) => value === before[at + channel]);
      if (!isHidden && !wasSame) changedOutside += 1;
    }
  }
  expect(hidden / (width * height)).toBeCloseTo(0.195 + 0.01, 2);
  expect(wronglyShown).toBe(0);
  // The pixels that an outline runs through.
  expect(changedOutside).toBeLessThan(4 * (width + height));
});

test('a painter follows a change of the picture size', () => {
  const painter = createMaskPainter([corner]);
  for (const [width, height] of [
    [40, 20],
    [20, 40],
  ] as const) {
    const pixels = new Uint8Array(width * height * 3).fill(90);
    painter.paint({ width, height, pixels });
    expect([pixels.at(-1), pixels[0]]).toEqual([0, 90]);
    const hidden = pixels.filter((value) => value === 0).length / 3;
    expect(hidden).toBeGreaterThanOrEqual((width * height) / 100);
    expect(hidden).toBeLessThanOrEqual(3 * 5);
  }
});

test('masks of the configuration and of the rules are taken together', () => {
  const drawn = { privacyMasks: [{ ruleId: 'a', points: [...triangle] as [number, number][] }] };
  expect(masksOf({ privacyMasks: [corner] }, drawn)).toEqual([corner, triangle]);
  expect([hasPrivacyMask({}, {}), hasPrivacyMask({}, drawn)]).toEqual([false, true]);
  expect(hasPrivacyMask({ privacyMasks: [corner] }, {})).toBe(true);
});
