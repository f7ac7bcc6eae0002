/**
 * fp32 -> INT8 in ONNX's Q/DQ form: activations uint8 with one scale a tensor (from calibrated ranges), weights int8 with
 * one scale an output channel, biases int32. Weights use 7 bits, which score the same as 8 and cannot saturate the
 * 16-bit sums of AVX2 (https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html).
 */
import type { OnnxGraph, OnnxNode, OnnxTensor } from './onnx-graph.ts';

/** Smallest and largest value that each inner tensor took over the calibration pictures. */
export type ActivationRanges = Readonly<Record<string, readonly [least: number, most: number]>>;

const quantisedOps = new Set(['Conv', 'LeakyRelu', 'MaxPool', 'Concat', 'Resize', 'Add']);
const largestWeight = 63;

/** Inner tensors whose ranges have to be known: the picture after its normalisation and what the feature layers give. */
export function calibratedTensors(graph: OnnxGraph): readonly string[] {
  const picture = graph.nodes.find(({ op }) => op === 'Transpose');
  const features = graph.nodes.filter(({ op }) => quantisedOps.has(op));
  return [...(picture === undefined ? [] : [picture]), ...features].flatMap(
    ({ outputs }) => outputs,
  );
}

/** Tensors without a range stay in fp32. */
export function quantise(graph: OnnxGraph, ranges: ActivationRanges): OnnxGraph {
  const nodes: OnnxNode[] = [];
  const constants = new Map<string, OnnxTensor>(graph.constants);
  const dequantised = new Map<string, string>();

  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => dequantised.get(name) ?? name);
    const quantised =
      node.op === 'Conv' ? quantiseConvolution(node, inputs, ranges, constants, nodes) : inputs;
    nodes.push({ ...node, inputs: quantised });
    for (const output of node.outputs) {
      const range = ranges[output];
      if (range !== undefined) dequantised.set(output, insertPair(output, range, constants, nodes));
    }
  }
  return { ...graph, nodes, constants };
}

function scaleOf([least, most]: readonly [number, number]): number {
  return Math.max((most - least) / 255, 1e-6);
}

function insertPair(
  tensor: string,
  range: readonly [number, number],
  constants: Map<string, OnnxTensor>,
  nodes: OnnxNode[],
): string {
  const scale = scaleOf(range);
  const zero = Math.max(0, Math.min(255, Math.round(-range[0] / scale)));
  const names = {
    scale: `${tensor}_scale`,
    zero: `${tensor}_zero`,
    whole: `${tensor}_u8`,
    back: `${tensor}_f32`,
  };
  constants.set(names.scale, { data: Float32Array.of(scale), shape: [] });
  constants.set(names.zero, { data: Uint8Array.of(zero), shape: [] });
  nodes.push(
    {
      op: 'QuantizeLinear',
      inputs: [tensor, names.scale, names.zero],
      outputs: [names.whole],
      attributes: {},
    },
    {
      op: 'DequantizeLinear',
      inputs: [names.whole, names.scale, names.zero],
      outputs: [names.back],
      attributes: {},
    },
  );
  return names.back;
}

/** Replaces kernel and bias by their whole numbers and answers with the convolution's new inputs. */
function quantiseConvolution(
  { inputs: [input = '', kernel = '', bias] }: OnnxNode,
  inputs: readonly string[],
  ranges: ActivationRanges,
  constants: Map<string, OnnxTensor>,
  nodes: OnnxNode[],
): readonly string[] {
  const range = ranges[input];
  const weights = constants.get(kernel);
  if (range === undefined || weights === undefined) return inputs;
  const channels = weights.shape[0] ?? 0;
  const { whole, scales } = wholeWeights(weights.data as Float32Array, channels);
  const kernelBack = insertWhole(kernel, whole, weights.shape, scales, constants, nodes);
  if (bias === undefined) return [inputs[0] ?? '', kernelBack];

  const inputScale = scaleOf(range);
  const biasScales = scales.map((scale) => scale * inputScale);
  const values = constants.get(bias)?.data as Float32Array;
  const wholeBias = Int32Array.from(values, (value, at) =>
    Math.round(value / (biasScales[at] ?? 1)),
  );
  const biasBack = insertWhole(bias, wholeBias, [channels], biasScales, constants, nodes);
  return [inputs[0] ?? '', kernelBack, biasBack];
}

function wholeWeights(
  data: Float32Array,
  channels: number,
): { whole: Int8Array; scales: Float32Array } {
  const length = data.length / channels;
  const whole = new Int8Array(data.length);
  const scales = new Float32Array(channels);
  for (let channel = 0; channel < channels; channel += 1) {
    const part = data.subarray(channel * length, (channel + 1) * length);
    const largest = part.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-8);
    scales[channel] = largest / largestWeight;
    for (let at = 0; at < length; at += 1) {
      whole[channel * length + at] = Math.round(((part[at] ?? 0) / largest) * largestWeight);
    }
  }
  return { whole, scales };
}

function insertWhole(
  name: string,
  data: Int8Array | Int32Array,
  shape: readonly number[],
  scales: Float32Array,
  constants: Map<string, OnnxTensor>,
  nodes: OnnxNode[],
): string {
  const zeros =
    data instanceof Int8Array ? new Int8Array(scales.length) : new Int32Array(scales.length);
  constants.delete(name);
  constants.set(`${name}_whole`, { data, shape });
  constants.set(`${name}_scale`, { data: scales, shape: [scales.length] });
  constants.set(`${name}_zero`, { data: zeros, shape: [scales.length] });
  const back = `${name}_f32`;
  nodes.push({
    op: 'DequantizeLinear',
    inputs: [`${name}_whole`, `${name}_scale`, `${name}_zero`],
    outputs: [back],
    attributes: { axis: 0 },
  });
  return back;
}
