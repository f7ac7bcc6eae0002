/**
 * fp32 -> INT8 in ONNX's Q/DQ form: activations uint8 with one scale a tensor (from calibrated ranges), weights int8 with
 * one scale an output channel, biases int32.
 * What only moves or picks values works on the bytes as they are.
 */
import type { OnnxGraph, OnnxNode, OnnxTensor } from './onnx-graph.ts';
import { insertWholeBias, insertWholeWeights } from './whole-weights.ts';

type Range = readonly [least: number, most: number];
/** Smallest and largest value that each inner tensor took over the calibration pictures. */
export type ActivationRanges = Readonly<Record<string, Range>>;

const calibratedOps = new Set(['Conv', 'LeakyRelu', 'MaxPool', 'Concat', 'Resize', 'Add']);
const movingOps = new Set(['MaxPool', 'Transpose', 'Reshape', 'Split']);

/** A tensor as bytes: value = scale * (byte - zero). `scale` and `zero` name constants. */
type Bytes = Readonly<{ tensor: string; scale: string; zero: string }>;

type Quantiser = Readonly<{
  nodes: OnnxNode[];
  constants: Map<string, OnnxTensor>;
  /** By the name of the tensor in fp32. */
  bytes: Map<string, Bytes>;
  /** Names of the values that were already made of bytes. */
  written: Set<string>;
}>;

/** Inner tensors whose ranges have to be known: what the layers of the converted graph give. */
export function calibratedTensors(graph: OnnxGraph): readonly string[] {
  return graph.nodes.filter(({ op }) => calibratedOps.has(op)).flatMap(({ outputs }) => outputs);
}

/** Tensors without a range stay in fp32. */
export function quantise(graph: OnnxGraph, ranges: ActivationRanges): OnnxGraph {
  const constants = new Map<string, OnnxTensor>(graph.constants);
  const quantiser: Quantiser = {
    nodes: [],
    constants,
    bytes: new Map(),
    written: new Set(),
  };
  for (const node of graph.nodes) {
    if (takesBytes(node, quantiser)) continue;
    quantiser.nodes.push({ ...node, inputs: quantisedInputs(node, quantiser) });
    for (const output of node.outputs) {
      const range = ranges[output];
      if (range !== undefined) insertPair(output, range, quantiser);
    }
  }
  return { ...graph, nodes: quantiser.nodes, constants };
}

/** Writes the node if it gives bytes without any arithmetic: those of its input moved, or the picture's own. */
function takesBytes(node: OnnxNode, quantiser: Quantiser): boolean {
  const [input = '', scale = '', zero = ''] = node.inputs;
  const [output = ''] = node.outputs;
  if (node.op === 'DequantizeLinear') {
    quantiser.bytes.set(output, { tensor: input, scale, zero });
    return true;
  }
  const bytes = movingOps.has(node.op) ? quantiser.bytes.get(input) : undefined;
  if (bytes === undefined) return false;
  const inputs = [bytes.tensor, ...node.inputs.slice(1)];
  quantiser.nodes.push({ ...node, inputs, outputs: node.outputs.map((name) => `${name}_u8`) });
  for (const name of node.outputs) quantiser.bytes.set(name, { ...bytes, tensor: `${name}_u8` });
  return true;
}

function insertPair(tensor: string, [least, most]: Range, quantiser: Quantiser): void {
  const step = Math.max((most - least) / 255, 1e-6);
  const zeroByte = Math.max(0, Math.min(255, Math.round(-least / step)));
  const bytes = { tensor: `${tensor}_u8`, scale: `${tensor}_scale`, zero: `${tensor}_zero` };
  quantiser.constants.set(bytes.scale, { data: Float32Array.of(step), shape: [] });
  quantiser.constants.set(bytes.zero, { data: Uint8Array.of(zeroByte), shape: [] });
  quantiser.nodes.push({
    op: 'QuantizeLinear',
    inputs: [tensor, bytes.scale, bytes.zero],
    outputs: [bytes.tensor],
    attributes: {},
  });
  quantiser.bytes.set(tensor, bytes);
}

/** Inputs that are bytes by their values, and of a convolution also the weights and the bias. */
function quantisedInputs({ op, inputs }: OnnxNode, quantiser: Quantiser): readonly string[] {
  const [input = '', weights = '', bias = ''] = inputs;
  const known = quantiser.bytes.get(input);
  const taken = inputs.map((name) => valuesOf(name, quantiser));
  if (known === undefined || op !== 'Conv') return taken;
  const [step = 1] = numbersOf(known.scale, quantiser);
  const steps = insertWholeWeights(weights, quantiser);
  const biasSteps = steps.map((one) => one * step);
  insertWholeBias(bias, biasSteps, quantiser);
  return [taken[0] ?? '', `${weights}_f32`, `${bias}_f32`];
}

/** The values of the bytes again; the runtime makes one whole-number operation of them and what takes them. */
function valuesOf(name: string, { nodes, bytes, written }: Quantiser): string {
  const known = bytes.get(name);
  if (known === undefined) return name;
  const values = `${name}_f32`;
  const inputs = [known.tensor, known.scale, known.zero];
  if (!written.has(values))
    nodes.push({ op: 'DequantizeLinear', inputs, outputs: [values], attributes: {} });
  written.add(values);
  return values;
}

function numbersOf(name: string, { constants }: Quantiser): Float32Array {
  const data = constants.get(name)?.data;
  if (!(data instanceof Float32Array)) throw new Error(`${name} is no fp32 constant`);
  return data;
}
