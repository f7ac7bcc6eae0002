/** Writes ONNX nodes and constants one after the other, and keeps track of the axes that a value still owes. */
import type { OnnxAttribute, OnnxData, OnnxNode, OnnxTensor } from './onnx-graph.ts';

/**
 * `permutation` is what the tensor still owes: logical axis k is the tensor's axis permutation[k]; '' below four axes.
 * `size` is the value's height at the native input size, by which resizes are told apart.
 */
export type Value = Readonly<{
  tensor: string;
  permutation: string;
  size: number;
  pads?: readonly number[];
}>;

export const asIs = '0123';
export const toNhwc = '0231';
const toNchw = '0312';
export const composed = (first: string, second: string): string =>
  [...second].map((axis) => first[Number(axis)]).join('');

export type Writer = ReturnType<typeof createWriter>;

export function createWriter() {
  const nodes: OnnxNode[] = [];
  const constants = new Map<string, OnnxTensor>();
  let names = 0;
  const newName = (kind: string): string => {
    names += 1;
    return `${kind.toLowerCase()}${names}`;
  };
  const constant = (data: OnnxData, shape: readonly number[]): string => {
    const name = newName('constant');
    constants.set(name, { data, shape });
    return name;
  };
  const write = (
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>>,
    outputs: readonly string[] = [newName(op)],
  ): string => {
    nodes.push({ op, inputs, outputs, attributes });
    return outputs[0] ?? '';
  };
  /** The tensor with its axes in the logical order. */
  const settled = ({ tensor, permutation }: Value): string =>
    permutation === '' || permutation === asIs
      ? tensor
      : write('Transpose', [tensor], { perm: [...permutation].map(Number) });
  /** The tensor of an NHWC value with its axes as ONNX wants them. */
  const nchw = (value: Value): string =>
    value.permutation === toNhwc
      ? value.tensor
      : settled({ ...value, permutation: composed(value.permutation, toNchw) });
  const apply = (
    op: string,
    value: Value,
    attributes: Readonly<Record<string, OnnxAttribute>>,
  ): Value => ({
    ...value,
    tensor: write(op, [value.tensor], attributes),
  });
  /** Makes the constant the bias of the convolution that wrote the tensor, if it is one of fitting width without a bias. */
  const addBias = (tensor: string, bias: Float32Array): boolean => {
    const index = nodes.findIndex(({ op, outputs }) => op === 'Conv' && outputs[0] === tensor);
    const node = nodes[index];
    const channels = constants.get(node?.inputs[1] ?? '')?.shape[0];
    if (node === undefined || node.inputs.length !== 2 || channels !== bias.length) return false;
    nodes[index] = { ...node, inputs: [...node.inputs, constant(bias, [bias.length])] };
    return true;
  };
  return { nodes, constants, newName, constant, write, settled, nchw, apply, addBias };
}
