/** A small ONNX graph under construction, and its encoding as protobuf (https://onnx.ai/onnx/repo-docs/IR.html). */
import onnxProto from 'onnx-proto';

export type OnnxData = Float32Array | Int32Array | Int8Array | Uint8Array | BigInt64Array;
/** Integers, lists of integers, texts; a float is wrapped so that it is not taken for an integer. */
export type OnnxAttribute = number | readonly number[] | string | Readonly<{ float: number }>;
export type OnnxNode = Readonly<{
  op: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: Readonly<Record<string, OnnxAttribute>>;
}>;
export type OnnxTensor = Readonly<{ data: OnnxData; shape: readonly number[] }>;
type OnnxOutput = Readonly<{ name: string; shape: readonly number[] }>;

export type OnnxGraph = Readonly<{
  width: number;
  height: number;
  nodes: readonly OnnxNode[];
  constants: ReadonlyMap<string, OnnxTensor>;
  outputs: readonly OnnxOutput[];
}>;

/** Name of the one input: uint8, 1 x height x width x 3, RGB. */
export const inputName = 'picture';

const { onnx } = onnxProto;
const opset = 13;
const irVersion = 8;
const { AttributeType } = onnx.AttributeProto;
const { DataType } = onnx.TensorProto;

/** `extraOutputs` names inner float tensors that are given out too, for calibration. */
export function encodeOnnx(graph: OnnxGraph, extraOutputs: readonly string[] = []): Uint8Array {
  const model = onnx.ModelProto.create({
    irVersion,
    opsetImport: [{ domain: '', version: opset }],
    producerName: 'haoguanjia',
    graph: {
      name: 'detector',
      node: graph.nodes.map(({ op, inputs, outputs, attributes }) => ({
        opType: op,
        name: outputs[0] ?? op,
        input: [...inputs],
        output: [...outputs],
        attribute: Object.entries(attributes).map(([name, value]) => attributeOf(name, value)),
      })),
      initializer: [...graph.constants].map(([name, { data, shape }]) => ({
        name,
        dims: [...shape],
        dataType: typeOf(data),
        rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      })),
      input: [valueInfo(inputName, DataType.UINT8, [1, graph.height, graph.width, 3])],
      output: [
        ...graph.outputs.map(({ name, shape }) => valueInfo(name, DataType.FLOAT, shape)),
        ...extraOutputs.map((name) => ({
          name,
          type: { tensorType: { elemType: DataType.FLOAT } },
        })),
      ],
    },
  });
  return onnx.ModelProto.encode(model).finish();
}

function attributeOf(name: string, value: OnnxAttribute): onnxProto.onnx.IAttributeProto {
  if (typeof value === 'string') {
    return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) };
  }
  if (typeof value === 'number') return { name, type: AttributeType.INT, i: value };
  if ('float' in value) return { name, type: AttributeType.FLOAT, f: value.float };
  return { name, type: AttributeType.INTS, ints: [...value] };
}

function valueInfo(
  name: string,
  elemType: number,
  shape: readonly number[],
): onnxProto.onnx.IValueInfoProto {
  return {
    name,
    type: { tensorType: { elemType, shape: { dim: shape.map((dimValue) => ({ dimValue })) } } },
  };
}

function typeOf(data: OnnxData): number {
  if (data instanceof Float32Array) return DataType.FLOAT;
  if (data instanceof Int32Array) return DataType.INT32;
  if (data instanceof Int8Array) return DataType.INT8;
  if (data instanceof Uint8Array) return DataType.UINT8;
  return DataType.INT64;
}
