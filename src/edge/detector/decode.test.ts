/** The outputs of each family, filled in by hand, are read as the boxes that they mean. */
import { describe, expect, test } from 'vitest';
import { decodeDetr } from './decode-detr.ts';
import { decodeNanodet } from './decode-nanodet.ts';
import { decodeYolov8, decodeYolox } from './decode-yolo.ts';
import type { RawTensor } from './raw-detection.ts';
import { suppress } from './suppression.ts';

const settings = { width: 64, height: 32, leastConfidence: 0.3, wanted: [0] };
const tensor = (...dims: readonly number[]): RawTensor => ({
  dims,
  data: new Float32Array(dims.reduce((product, size) => product * size, 1)),
});
/** 64x32 at strides 8, 16 and 32. */
const cells = [32, 8, 2];

describe('decoding', () => {
  test('nanodet: the expected value of the distances, in strides from the middle of the cell', () => {
    const outputs = Object.fromEntries(
      [8, 16, 32].flatMap((stride, index) => [
        [`cls${stride}`, tensor(1, cells[index] ?? 0, 2)],
        [`reg${stride}`, tensor(1, cells[index] ?? 0, 44)],
      ]),
    );
    // Second row, third column of stride 8: its middle is at (20, 12).
    const cell = 8 + 2;
    outputs['cls8']?.data.set([0.9, 0.95], cell * 2);
    for (const [side, bin] of [1, 0, 2, 1].entries()) {
      const regression = outputs['reg8'];
      if (regression !== undefined) regression.data[(cell * 4 + side) * 11 + bin] = 40;
    }
    const [found, ...others] = decodeNanodet(outputs, settings);
    expect(others).toEqual([]);
    expect(found?.classIndex).toBe(0);
    expect(found?.confidence).toBeCloseTo(0.9);
    expect(found?.box.left).toBeCloseTo(12 / 64);
    expect(found?.box.top).toBeCloseTo(12 / 32);
    expect(found?.box.right).toBeCloseTo(36 / 64);
    expect(found?.box.bottom).toBeCloseTo(20 / 32);
  });

  test('yolox: centre in cells, size as a logarithm, objectness times class', () => {
    const output = tensor(1, 42, 7);
    // First cell of stride 16 (after the 32 of stride 8).
    output.data.set([0.5, 0.25, Math.log(2), 0, 0.8, 0.9, 0], 32 * 7);
    const [found, ...others] = decodeYolox({ output }, settings);
    expect(others).toEqual([]);
    expect(found?.confidence).toBeCloseTo(0.72);
    expect(found?.box.left).toBeCloseTo((8 - 16) / 64);
    expect(found?.box.right).toBeCloseTo((8 + 16) / 64);
    expect(found?.box.top).toBeCloseTo((4 - 8) / 32);
    expect(found?.box.bottom).toBeCloseTo((4 + 8) / 32);
  });

  test('yolov8: rows of the transposed output, centre and size in pixels', () => {
    const output = tensor(1, 6, 3);
    for (const [row, value] of [16, 8, 8, 16, 0.6, 0.99].entries())
      output.data[row * 3 + 1] = value;
    const [found, ...others] = decodeYolov8({ output }, settings);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ classIndex: 0, confidence: expect.closeTo(0.6, 5) });
    expect(found?.box).toEqual({ left: 12 / 64, right: 20 / 64, top: 0, bottom: 0.5 });
  });

  test('detr: sigmoid of the logits, boxes in fractions', () => {
    const logits = tensor(1, 2, 2);
    logits.data.set([-5, 5, 2, -5]);
    const boxes = tensor(1, 2, 4);
    boxes.data.set([0, 0, 0, 0, 0.5, 0.5, 0.25, 0.5]);
    const [found, ...others] = decodeDetr({ logits, pred_boxes: boxes }, settings);
    expect(others).toEqual([]);
    expect(found?.confidence).toBeCloseTo(0.881, 3);
    expect(found?.box).toEqual({ left: 0.375, right: 0.625, top: 0.25, bottom: 0.75 });
  });

  test.each([
    ['nanodet', () => decodeNanodet({}, settings)],
    ['yolox', () => decodeYolox({}, settings)],
    ['yolov8', () => decodeYolov8({}, settings)],
    ['detr', () => decodeDetr({}, settings)],
  ])('%s: says that the outputs are not those of its family', (_family, decode) => {
    expect(decode).toThrow(/the model/);
  });
});

test('of two boxes on one object the surer stays; another class or place stays too', () => {
  const box = { left: 0.1, top: 0.1, right: 0.3, bottom: 0.5 };
  const beside = { ...box, left: 0.5, right: 0.7 };
  const kept = suppress(
    [
      { box, classIndex: 0, confidence: 0.5 },
      { box: { ...box, left: 0.11 }, classIndex: 0, confidence: 0.8 },
      { box, classIndex: 1, confidence: 0.4 },
      { box: beside, classIndex: 0, confidence: 0.3 },
    ],
    0.6,
  );
  expect(kept.map(({ classIndex, confidence }) => [classIndex, confidence])).toEqual([
    [0, 0.8],
    [1, 0.4],
    [0, 0.3],
  ]);
});
