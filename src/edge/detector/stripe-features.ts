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
  const plane = width * height;
  for (const [index, { from, to }] of stripes.entries()) {
    const first = index * channels;
    for (let row = 0; row < rows; row += 1) {
      const share = from + ((to - from) * (row + 0.5)) / rows;
      const y = within((box.top + (box.bottom - box.top) * share) * height, height);
      for (const { at, weight } of columnWeights) {
        const x = within((box.left + (box.right - box.left) * at) * width, width);
        addCell(features, first, data, y * width + x, plane, channels, weight / rows);
      }
    }
  }
  for (let at = 0; at < features.length; at += 1) {
    const { mean = 0, deviation = 0 } = facts[at % channels] ?? {};
    features[at] = ((features[at] ?? 0) - mean) / Math.max(deviation, leastDeviation);
  }
  return features;
}

/** All channels of one place of the map; `plane` places lie between one channel and the next. */
function addCell(
  features: Float32Array,
  first: number,
  data: Float32Array,
  cell: number,
  plane: number,
  channels: number,
  weight: number,
): void {
  for (let channel = 0; channel < channels; channel += 1) {
    const value = data[channel * plane + cell] ?? 0;
    features[first + channel] = (features[first + channel] ?? 0) + weight * value;
  }
}

function within(value: number, size: number): number {
  return Math.max(0, Math.min(size - 1, Math.floor(value)));
}
