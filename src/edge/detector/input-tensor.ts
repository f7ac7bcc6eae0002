/** rgb24 pixels -> the tensor that a model wants, by its manifest: type, order of axes, order of colours, normalisation. */
import './silent-runtime.ts';
import { Tensor } from 'onnxruntime-node';
import type { ModelFacts } from './model-manifest.ts';

type Input = ModelFacts['input'];

/** The default model takes the pixels as they are; others cost a pass over the picture. */
export function inputTensor(pixels: Uint8Array, input: Input): Tensor {
  const { width, height } = input;
  const dims = input.layout === 'nhwc' ? [1, height, width, 3] : [1, 3, height, width];
  const isAsItComes = input.type === 'uint8' && input.layout === 'nhwc' && input.colours === 'rgb';
  if (isAsItComes) return new Tensor('uint8', pixels, dims);
  return input.type === 'uint8'
    ? new Tensor(
        'uint8',
        arrange(pixels, input, new Uint8Array(pixels.length), (value) => value),
        dims,
      )
    : new Tensor(
        'float32',
        arrange(pixels, input, new Float32Array(pixels.length), normaliser(input)),
        dims,
      );
}

function normaliser({ mean, deviation }: Input): (value: number, channel: number) => number {
  return (value, channel) => (value - (mean?.[channel] ?? 0)) / (deviation?.[channel] ?? 255);
}

function arrange<Values extends Uint8Array | Float32Array>(
  pixels: Uint8Array,
  { width, height, layout, colours }: Input,
  values: Values,
  valueAt: (value: number, channel: number) => number,
): Values {
  const plane = width * height;
  for (let channel = 0; channel < 3; channel += 1) {
    const from = colours === 'rgb' ? channel : 2 - channel;
    for (let at = 0; at < plane; at += 1) {
      const to = layout === 'nchw' ? channel * plane + at : at * 3 + channel;
      values[to] = valueAt(pixels[at * 3 + from] ?? 0, channel);
    }
  }
  return values;
}
