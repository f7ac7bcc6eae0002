/**
 * NanoDet (https://github.com/RangiLyu/nanodet): per stride `cls<stride>` [1, cells, classes] with sigmoid applied and
 * `reg<stride>` [1, cells, 4 x bins], a distribution over whole distances for each side (Generalized Focal Loss,
 * Li et al. 2020): distance = expected value of the softmax, in strides, from the middle of the cell.
 */
import {
  bestClass,
  type Decode,
  type DecodeSettings,
  type RawDetection,
  type RawTensor,
} from './raw-detection.ts';

const strides = [8, 16, 32];

/** Throws when an output is missing: the file is not the NanoDet that its manifest says. */
export const decodeNanodet: Decode = (outputs, settings) =>
  strides.flatMap((stride) => {
    const scores = outputs[`cls${stride}`];
    const distances = outputs[`reg${stride}`];
    if (scores === undefined || distances === undefined) {
      throw new Error(`the model has no outputs cls${stride} and reg${stride}`);
    }
    return decodeStride(stride, scores, distances, settings);
  });

function decodeStride(
  stride: number,
  scores: RawTensor,
  distances: RawTensor,
  { width, height, leastConfidence, wanted }: DecodeSettings,
): readonly RawDetection[] {
  const columns = Math.ceil(width / stride);
  const cells = columns * Math.ceil(height / stride);
  const classes = scores.dims[2] ?? 0;
  const bins = (distances.dims[2] ?? 0) / 4;
  const found: RawDetection[] = [];
  for (let cell = 0; cell < cells; cell += 1) {
    const { classIndex, confidence } = bestClass(scores.data, cell * classes, wanted);
    if (confidence < leastConfidence) continue;
    const x = ((cell % columns) + 0.5) * stride;
    const y = (Math.floor(cell / columns) + 0.5) * stride;
    const side = (index: number): number =>
      expectedBin(distances.data, (cell * 4 + index) * bins, bins) * stride;
    found.push({
      classIndex,
      confidence,
      box: {
        left: (x - side(0)) / width,
        top: (y - side(1)) / height,
        right: (x + side(2)) / width,
        bottom: (y + side(3)) / height,
      },
    });
  }
  return found;
}

function expectedBin(logits: Float32Array, offset: number, bins: number): number {
  let sum = 0;
  let weighted = 0;
  for (let bin = 0; bin < bins; bin += 1) {
    const weight = Math.exp(logits[offset + bin] ?? 0);
    sum += weight;
    weighted += weight * bin;
  }
  return weighted / sum;
}
