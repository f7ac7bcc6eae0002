/**
 * Reads a TensorFlow.js graph model (model JSON with its weight shards) without the TensorFlow.js runtime.
 * Weights stored as fp16 are widened to fp32. Format: https://www.tensorflow.org/js/guide/save_load (graph-model).
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type TfNode = Readonly<{
  name: string;
  op: string;
  input?: readonly string[];
  attr?: Readonly<Record<string, TfAttribute>>;
}>;
type TfAttribute = Readonly<{
  f?: number;
  b?: boolean;
  s?: string;
  list?: Readonly<{ i?: readonly string[] }>;
}>;
export type Weight = Readonly<{ shape: readonly number[]; data: Float32Array | Int32Array }>;
type TfOutput = Readonly<{ name: string; cells: number; channels: number }>;
export type TfGraph = Readonly<{
  nodes: ReadonlyMap<string, TfNode>;
  weights: ReadonlyMap<string, Weight>;
  outputs: readonly TfOutput[];
  /** The node that ends the first stage of the network. */
  features: Readonly<{ name: string; channels: number }>;
}>;

type WeightSpec = Readonly<{
  name: string;
  shape: readonly number[];
  dtype: string;
  quantization?: Readonly<{ dtype: string }>;
}>;
type Size = Readonly<{ size: string }>;
type ModelJson = Readonly<{
  modelTopology: Readonly<{ node: readonly TfNode[] }>;
  signature: Readonly<{
    outputs: Readonly<
      Record<string, Readonly<{ name: string; tensorShape: Readonly<{ dim: readonly Size[] }> }>>
    >;
  }>;
  weightsManifest: readonly Readonly<{
    paths: readonly string[];
    weights: readonly WeightSpec[];
  }>[];
}>;

export function readTfGraph(modelFile: string): TfGraph {
  const model = JSON.parse(readFileSync(modelFile, 'utf8')) as ModelJson;
  const shards = model.weightsManifest.flatMap(({ paths }) =>
    paths.map((path) => readFileSync(join(dirname(modelFile), path))),
  );
  const specs = model.weightsManifest.flatMap(({ weights }) => weights);
  const { node: nodes } = model.modelTopology;
  const weights = readWeights(specs, Buffer.concat(shards));
  return {
    nodes: new Map(nodes.map((node) => [node.name, node])),
    weights,
    features: firstStage(nodes, weights),
    outputs: Object.values(model.signature.outputs).map(({ name, tensorShape }) => ({
      name,
      cells: Number(tensorShape.dim[1]?.size),
      channels: Number(tensorShape.dim[2]?.size),
    })),
  };
}

/** The first stage ends with the graph's only pooling, which keeps the channels of the convolution before it. */
function firstStage(
  nodes: readonly TfNode[],
  weights: ReadonlyMap<string, Weight>,
): TfGraph['features'] {
  const pooling = nodes.find(({ op }) => op === 'MaxPool');
  const convolution = nodes.find(({ op }) => op === 'Conv2D');
  const channels = weights.get(convolution?.input?.[1] ?? '')?.shape[3];
  if (pooling === undefined || channels === undefined) {
    throw new Error('the graph has no first stage that ends with a pooling');
  }
  return { name: pooling.name, channels };
}

function readWeights(specs: readonly WeightSpec[], bytes: Buffer): ReadonlyMap<string, Weight> {
  let offset = 0;
  const weights = new Map<string, Weight>();
  for (const { name, shape, dtype, quantization } of specs) {
    const count = shape.reduce((product, size) => product * size, 1);
    const width = quantization?.dtype === 'float16' ? 2 : 4;
    const part = bytes.subarray(offset, offset + count * width);
    offset += count * width;
    weights.set(name, { shape, data: readNumbers(part, count, quantization?.dtype ?? dtype) });
  }
  return weights;
}

function readNumbers(part: Buffer, count: number, type: string): Float32Array | Int32Array {
  switch (type) {
    case 'float16':
      return Float32Array.from({ length: count }, (_, at) =>
        halfToFloat(part.readUInt16LE(at * 2)),
      );
    case 'float32':
      return Float32Array.from({ length: count }, (_, at) => part.readFloatLE(at * 4));
    case 'int32':
      return Int32Array.from({ length: count }, (_, at) => part.readInt32LE(at * 4));
    default:
      throw new Error(`weights of type ${type} cannot be read`);
  }
}

/** IEEE 754 binary16. */
function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half & 0x7c00) >> 10;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * 2 ** -14 * (fraction / 1024);
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}
