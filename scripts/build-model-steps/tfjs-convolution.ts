/** Convolution and pooling of the TensorFlow graph as ONNX nodes: kernels reordered, paddings taken in. */
import { toNhwc, type Value, type Writer } from './onnx-writer.ts';
import type { TfNode, Weight } from './tfjs-graph.ts';

export function convolution(node: TfNode, value: Value, weight: Weight, writer: Writer): Value {
  const [kernelHeight = 1, kernelWidth = 1, channelsIn = 1, channelsOut = 1] = weight.shape;
  const kernel = hwioToOihw(weight.data, kernelHeight, kernelWidth, channelsIn, channelsOut);
  const pads = value.pads ?? [0, 0, 0, 0];
  if (isSamePadding(node) && kernelHeight > 1)
    throw new Error(`${node.name}: SAME padding is not expected`);
  const stride = strideOf(node);
  const tensor = writer.write(
    'Conv',
    [
      writer.nchw(value),
      writer.constant(kernel, [channelsOut, channelsIn, kernelHeight, kernelWidth]),
    ],
    { kernel_shape: [kernelHeight, kernelWidth], strides: [stride, stride], pads },
  );
  return { tensor, permutation: toNhwc, size: sizeAfter(value, kernelHeight, stride, pads) };
}

export function maxPool(node: TfNode, value: Value, writer: Writer): Value {
  const kernel = Number(node.attr?.['ksize']?.list?.i?.[1] ?? 1);
  const stride = strideOf(node);
  const pads = value.pads ?? [0, 0, 0, 0];
  const tensor = writer.write('MaxPool', [writer.nchw(value)], {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads,
  });
  return { tensor, permutation: toNhwc, size: sizeAfter(value, kernel, stride, pads) };
}

function sizeAfter(value: Value, kernel: number, stride: number, pads: readonly number[]): number {
  return Math.floor((value.size + (pads[0] ?? 0) + (pads[2] ?? 0) - kernel) / stride) + 1;
}

function hwioToOihw(
  data: ArrayLike<number>,
  height: number,
  width: number,
  channelsIn: number,
  channelsOut: number,
): Float32Array {
  const result = new Float32Array(data.length);
  let from = 0;
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      for (let input = 0; input < channelsIn; input += 1) {
        for (let output = 0; output < channelsOut; output += 1) {
          const to = ((output * channelsIn + input) * height + row) * width + column;
          result[to] = data[from] ?? 0;
          from += 1;
        }
      }
    }
  }
  return result;
}

function strideOf(node: TfNode): number {
  return Number(node.attr?.['strides']?.list?.i?.[1] ?? 1);
}

function isSamePadding(node: TfNode): boolean {
  return Buffer.from(node.attr?.['padding']?.s ?? '', 'base64').toString() === 'SAME';
}
