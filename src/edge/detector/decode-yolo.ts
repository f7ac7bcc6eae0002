/**
 * YOLOX (https://github.com/Megvii-BaseDetection/YOLOX): one output [1, cells, 5 + classes], centre and size relative to
 * grid and stride, objectness and class scores. YOLOv8/11 (Ultralytics export): one output [1, 4 + classes, cells],
 * centre and size in input pixels.
 */
import type { Box } from '../../contract/shape.ts';
import {
  bestClass,
  type Decode,
  type RawDetection,
  type RawOutputs,
  type RawTensor,
} from './raw-detection.ts';

const strides = [8, 16, 32];

export const decodeYolox: Decode = (outputs, { width, height, leastConfidence, wanted }) => {
  const { data, dims } = onlyOutput(outputs);
  const row = dims[2] ?? 0;
  const found: RawDetection[] = [];
  let cell = 0;
  for (const stride of strides) {
    const columns = width / stride;
    for (let index = 0; index < columns * (height / stride); index += 1, cell += 1) {
      const at = cell * row;
      const { classIndex, confidence } = bestClass(data, at + 5, wanted);
      const objectness = data[at + 4] ?? 0;
      if (confidence * objectness < leastConfidence) continue;
      const x = ((data[at] ?? 0) + (index % columns)) * stride;
      const y = ((data[at + 1] ?? 0) + Math.floor(index / columns)) * stride;
      const boxWidth = Math.exp(data[at + 2] ?? 0) * stride;
      const boxHeight = Math.exp(data[at + 3] ?? 0) * stride;
      const box = centredBox(x / width, y / height, boxWidth / width, boxHeight / height);
      found.push({ classIndex, confidence: confidence * objectness, box });
    }
  }
  return found;
};

export const decodeYolov8: Decode = (outputs, { width, height, leastConfidence, wanted }) => {
  const { data, dims } = onlyOutput(outputs);
  const cells = dims[2] ?? 0;
  const found: RawDetection[] = [];
  for (let cell = 0; cell < cells; cell += 1) {
    const value = (row: number): number => data[row * cells + cell] ?? 0;
    let classIndex = -1;
    let confidence = 0;
    for (const index of wanted) {
      if (value(4 + index) > confidence) {
        confidence = value(4 + index);
        classIndex = index;
      }
    }
    if (confidence < leastConfidence) continue;
    const box = centredBox(
      value(0) / width,
      value(1) / height,
      value(2) / width,
      value(3) / height,
    );
    found.push({ classIndex, confidence, box });
  }
  return found;
};

export function centredBox(x: number, y: number, width: number, height: number): Box {
  return { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 };
}

function onlyOutput(outputs: RawOutputs): RawTensor {
  const [first] = Object.values(outputs);
  if (first === undefined || first.dims.length !== 3) {
    throw new Error('the model does not have the one output with three axes that its family has');
  }
  return first;
}
