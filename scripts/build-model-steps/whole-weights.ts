/**
 * Weights as int8 with one scale an output channel, biases as int32 in steps of input times weight. Weights use 7 bits,
 * which score the same as 8 and cannot saturate the 16-bit sums of AVX2
 * (https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html).
 */
import type { OnnxNode, OnnxTensor } from './onnx-graph.ts';

const largestWeight = 63;

type Target = Readonly<{ nodes: OnnxNode[]; constants: Map<string, OnnxTensor> }>;

/** Replaces the constant `name`; its values are `<name>_f32` from now on. Answers with the step of each channel. */
export function insertWholeWeights(name: string, target: Target): Float32Array {
  const { data, shape } = constantOf(name, target);
  const channels = shape[0] ?? 0;
  const length = data.length / channels;
  const whole = new Int8Array(data.length);
  const largest = new Float32Array(channels);
  for (let channel = 0; channel < channels; channel += 1) {
    const part = data.subarray(channel * length, (channel + 1) * length);
    const most = part.reduce((sofar, value) => Math.max(sofar, Math.abs(value)), 1e-8);
    largest[channel] = most;
    for (const [at, value] of part.entries())
      whole[channel * length + at] = Math.round((value / most) * largestWeight);
  }
  const steps = largest.map((value) => value / largestWeight);
  insert(name, { data: whole, shape }, steps, target);
  return steps;
}

export function insertWholeBias(name: string, steps: Float32Array, target: Target): void {
  const { data, shape } = constantOf(name, target);
  const whole = Int32Array.from(data, (value, at) => Math.round(value / (steps[at] ?? 1)));
  insert(name, { data: whole, shape }, steps, target);
}

function constantOf(name: string, { constants }: Target) {
  const constant = constants.get(name);
  if (!(constant?.data instanceof Float32Array)) throw new Error(`${name} is no fp32 constant`);
  return { data: constant.data, shape: constant.shape };
}

function insert(
  name: string,
  whole: OnnxTensor,
  steps: Float32Array,
  { nodes, constants }: Target,
): void {
  const zeros =
    whole.data instanceof Int8Array ? new Int8Array(steps.length) : new Int32Array(steps.length);
  constants.delete(name);
  constants.set(`${name}_whole`, whole);
  constants.set(`${name}_scale`, { data: steps, shape: [steps.length] });
  constants.set(`${name}_zero`, { data: zeros, shape: [steps.length] });
  nodes.push({
    op: 'DequantizeLinear',
    inputs: [`${name}_whole`, `${name}_scale`, `${name}_zero`],
    outputs: [`${name}_f32`],
    attributes: { axis: 0 },
  });
}
