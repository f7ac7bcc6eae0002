/**
 * What an early layer of the detector sees in a person's head, upper body and legs: each channel averaged over the stripe.
 * A channel counts by how far it lies from its mean over the whole picture, in its own standard deviations (instance
 * normalisation, Ulyanov et al. 2016, https://arxiv.org/abs/1607.08022), so that light and contrast of the picture
 * cancel out and no channel drowns the others.
 */
import type { Box } from '../../contract/shape.ts';
import type { RawTensor } from './raw-detection.ts';
import { columnWeights, stripes } from './stripes.ts';

/** Mean and standard deviation of each channel. */
type ChannelFacts = readonly Readonly<{ mean: number; deviation: number }>[];

/** Cells of the map that are looked at for the picture's mean: one of so many, no divisor of a usual width. */
const meanStride = 7;
/** Rows sampled in each stripe: a near person spans some ten cells of the map there, a far one two. */
const rows = 6;
/** A channel that is the same all over the picture tells nothing. */
const leastDeviation = 1e-3;

/** `map` is [1, channels, rows, columns]. */
export function channelFacts({ data, dims }: RawTensor): ChannelFacts {
  const plane = (dims[2] ?? 0) * (dims[3] ?? 0);
  return Array.from({ length: dims[1] ?? 0 }, (_, channel) => {
    let [count, sum, squares] = [0, 0, 0];
    for (let cell = channel % meanStride; cell < plane; cell += meanStride) {
      const value = data[channel * plane + cell] ?? 0;
      count += 1;
      sum += value;
      squares += value * value;
    }
    const mean = sum / count;
    return { mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
  });
}

/** All channels of the first stripe, then of the next. `box` in fractions of the picture. */
export function stripeFeatures(
  { data, dims }: RawTensor,
  facts: ChannelFacts,
  box: Box,
): Float32Array {
  const [, channels = 0, height = 0, width = 0] = dims;
  const features = new Float32Array(stripes.length * channels);
  for (const [index, stripe] of stripes.entries()) {
    for (const { cell, weight } of cellsOf(box, stripe, width, height)) {
      for (let channel = 0; channel < channels; channel += 1) {
        const at = index * channels + channel;
        const value = data[channel * width * height + cell] ?? 0;
        features[at] = (features[at] ?? 0) + weight * value;
      }
    }
  }
  return features.map((value, at) => {
    const { mean = 0, deviation = 0 } = facts[at % channels] ?? {};
    return (value - mean) / Math.max(deviation, leastDeviation);
  });
}

function cellsOf(
  box: Box,
  { from, to }: (typeof stripes)[number],
  width: number,
  height: number,
): readonly Readonly<{ cell: number; weight: number }>[] {
  return Array.from({ length: rows }, (_, row) => {
    const share = from + ((to - from) * (row + 0.5)) / rows;
    const y = within((box.top + (box.bottom - box.top) * share) * height, height);
    return columnWeights.map(({ at, weight }) => {
      const x = within((box.left + (box.right - box.left) * at) * width, width);
      return { cell: y * width + x, weight: weight / rows };
    });
  }).flat();
}

function within(value: number, size: number): number {
  return Math.max(0, Math.min(size - 1, Math.floor(value)));
}
