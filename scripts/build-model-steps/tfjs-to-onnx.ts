/**
 * NanoDet as a TensorFlow.js graph -> ONNX for any input size that is a multiple of 32.
 * The TensorFlow graph was itself made from an NCHW model and is full of transposes; every value therefore carries the
 * permutation that its ONNX tensor still owes, and only what cannot be cancelled is written out.
 * Pad goes into Conv, Add of a constant into Conv's bias, the normalisation of the picture into the graph.
 * Beside the six heads the ONNX model gives `features` [1, channels, height / 4, width / 4], for appearance.
 */
import { normalisation } from './normalisation.ts';
import { inputName, type OnnxGraph } from './onnx-graph.ts';
import { asIs, composed, createWriter, toNhwc, type Value, type Writer } from './onnx-writer.ts';
import { readConstant } from './tfjs-constants.ts';
import { convolution, maxPool } from './tfjs-convolution.ts';
import type { TfGraph, TfNode, Weight } from './tfjs-graph.ts';

/** The size for which the TensorFlow graph was made: its reshape and resize constants hold for this alone. */
const nativeSize = 416;
const strides = [8, 16, 32];
/** The pooled first layer: what it tells about colour and texture also tells people apart. */
const featureStride = 4;

/** Throws on an operation that NanoDet does not have. */
export function convertNanodet(tf: TfGraph, width: number, height: number): OnnxGraph {
  const writer = createWriter();
  const values = new Map<string, Value | readonly Value[]>();
  const get = (name: string): Value => {
    const key = baseName(name);
    const node = tf.nodes.get(key);
    if (node === undefined) throw new Error(`the graph has no node ${key}`);
    const value = values.get(key) ?? convert(node, { tf, writer, get });
    values.set(key, value);
    return isList(value) ? pick(value, outputIndex(name)) : value;
  };

  const outputs = tf.outputs.map(({ name, cells, channels }) => {
    const stride = strides[strideIndex(cells)] ?? 0;
    const output = `${channels === 80 ? 'cls' : 'reg'}${stride}`;
    writer.write('Identity', [get(name).tensor], {}, [output]);
    return { name: output, shape: [1, (width / stride) * (height / stride), channels] };
  });
  const features = get(tf.features.name);
  writer.write('Identity', [writer.nchw(features)], {}, ['features']);
  const [rows, columns] = [height / featureStride, width / featureStride];
  return {
    width,
    height,
    outputs: [...outputs, { name: 'features', shape: [1, tf.features.channels, rows, columns] }],
    nodes: writer.nodes,
    constants: writer.constants,
  };
}

type Context = Readonly<{ tf: TfGraph; writer: Writer; get: (name: string) => Value }>;

function convert(node: TfNode, context: Context): Value | readonly Value[] {
  const inputs = (node.input ?? []).filter((name) => !name.startsWith('^'));
  const at = (index: number): string => inputs[index] ?? '';
  switch (node.op) {
    case 'Placeholder':
      return picture(context.writer);
    case 'Identity':
      return context.get(at(0));
    case 'Transpose':
      return transpose(
        context.get(at(0)),
        readConstant(context.tf, at(1)).join(''),
        context.writer,
      );
    case 'Pad':
    case 'PadV2':
      return pad(context.get(at(0)), readConstant(context.tf, at(1)));
    case 'Conv2D':
      return convolution(node, context.get(at(0)), weightOf(context.tf, at(1)), context.writer);
    case 'Add':
    case 'AddV2':
      return add(at(0), at(1), context);
    case 'LeakyRelu': {
      const alpha = node.attr?.['alpha']?.f ?? 0.2;
      return context.writer.apply('LeakyRelu', context.get(at(0)), { alpha: { float: alpha } });
    }
    case 'Sigmoid':
      return context.writer.apply('Sigmoid', context.get(at(0)), {});
    case 'MaxPool':
      return maxPool(node, context.get(at(0)), context.writer);
    case 'ConcatV2':
      return concat(inputs, context);
    case 'ResizeBilinear':
      return resize(
        node,
        context.get(at(0)),
        readConstant(context.tf, at(1))[0] ?? 0,
        context.writer,
      );
    case 'SplitV':
      return split(
        context.get(at(0)),
        readConstant(context.tf, at(1)),
        readConstant(context.tf, at(2))[0] ?? 0,
        context.writer,
      );
    case 'Reshape':
      return reshape(context.get(at(0)), readConstant(context.tf, at(1)), context.writer);
    default:
      throw new Error(`the operation ${node.op} of ${node.name} is not one of NanoDet's`);
  }
}

/** Plane by plane: the three colours side by side would make each step of the arithmetic one of three numbers. */
function picture(writer: Writer): Value {
  const planes = writer.write('Transpose', [inputName], { perm: [0, 3, 1, 2] });
  const float = writer.write('Cast', [planes], { to: 1 });
  const ofEach = (values: Float32Array): string => writer.constant(values, [3, 1, 1]);
  const mean = ofEach(Float32Array.from(normalisation.mean));
  const centred = writer.write('Sub', [float, mean], {});
  const scale = ofEach(Float32Array.from(normalisation.deviation, (value) => 1 / value));
  const tensor = writer.write('Mul', [centred, scale], {});
  return { tensor, permutation: asIs, size: nativeSize };
}

function transpose(value: Value, permutation: string, writer: Writer): Value {
  if (permutation.length === 4) {
    return { ...value, permutation: composed(value.permutation, permutation) };
  }
  const perm = [...permutation].map(Number);
  return {
    ...value,
    tensor: writer.write('Transpose', [writer.settled(value)], { perm }),
    permutation: '',
  };
}

/** Padding of the two picture axes is kept with the value until the convolution or pooling that follows takes it. */
function pad(value: Value, paddings: readonly number[]): Value {
  const rows = value.permutation === toNhwc ? 1 : 2;
  const [top = 0, bottom = 0, left = 0, right = 0] = paddings.slice(rows * 2, rows * 2 + 4);
  return { ...value, pads: [top, left, bottom, right] };
}

function add(left: string, right: string, { tf, writer, get }: Context): Value {
  const isConstant = (name: string): boolean => tf.nodes.get(baseName(name))?.op === 'Const';
  const [variable, other] = isConstant(left) ? [right, left] : [left, right];
  const value = get(variable);
  if (isConstant(other)) {
    const constant = tf.weights.get(baseName(other));
    const bias = Float32Array.from(constant?.data ?? []);
    if (writer.addBias(value.tensor, bias)) return value;
    const tensor = writer.constant(bias, constant?.shape ?? []);
    return {
      ...value,
      tensor: writer.write('Add', [writer.settled(value), tensor], {}),
      permutation: asIs,
    };
  }
  const second = get(other);
  if (second.permutation === value.permutation) {
    return { ...value, tensor: writer.write('Add', [value.tensor, second.tensor], {}) };
  }
  const tensor = writer.write('Add', [writer.settled(value), writer.settled(second)], {});
  return { ...value, tensor, permutation: asIs };
}

function concat(inputs: readonly string[], { tf, writer, get }: Context): Value {
  const axis = readConstant(tf, inputs.at(-1) ?? '')[0] ?? 0;
  const values = inputs.slice(0, -1).map(get);
  const [first] = values;
  if (first === undefined) throw new Error('a concatenation without inputs');
  const permutation = first.permutation;
  if (permutation.length === 4 && values.every((value) => value.permutation === permutation)) {
    const tensors = values.map(({ tensor }) => tensor);
    const tensor = writer.write('Concat', tensors, { axis: Number(permutation.at(axis)) });
    return { ...first, tensor };
  }
  return {
    ...first,
    tensor: writer.write('Concat', values.map(writer.settled), { axis }),
    permutation: '',
  };
}

function resize(node: TfNode, value: Value, nativeTarget: number, writer: Writer): Value {
  const factor = nativeTarget / value.size;
  const corners = node.attr?.['align_corners']?.b === true;
  const centres = node.attr?.['half_pixel_centers']?.b === true;
  const unaligned = centres ? 'half_pixel' : 'asymmetric';
  const scales = writer.constant(Float32Array.of(1, 1, factor, factor), [4]);
  const tensor = writer.write('Resize', [writer.nchw(value), '', scales], {
    mode: 'linear',
    coordinate_transformation_mode: corners ? 'align_corners' : unaligned,
  });
  return { tensor, permutation: toNhwc, size: nativeTarget };
}

function split(
  value: Value,
  sizes: readonly number[],
  axis: number,
  writer: Writer,
): readonly Value[] {
  const lengths = writer.constant(BigInt64Array.from(sizes, BigInt), [sizes.length]);
  const outputs = sizes.map(() => writer.newName('split'));
  writer.write(
    'Split',
    [value.tensor, lengths],
    { axis: Number(value.permutation.at(axis)) },
    outputs,
  );
  return outputs.map((tensor) => ({ ...value, tensor }));
}

/** The number of cells follows from the input size, so it is left open. */
function reshape(value: Value, shape: readonly number[], writer: Writer): Value {
  const open = shape.map((length) => (strideIndex(length) >= 0 ? -1 : length));
  const target = writer.constant(BigInt64Array.from(open, BigInt), [open.length]);
  const tensor = writer.write('Reshape', [writer.settled(value), target], {});
  return { ...value, tensor, permutation: open.length === 4 ? asIs : '' };
}

function strideIndex(cells: number): number {
  return strides.map((stride) => (nativeSize / stride) ** 2).indexOf(cells);
}

function isList(value: Value | readonly Value[]): value is readonly Value[] {
  return Array.isArray(value);
}

function pick(values: readonly Value[], index: number): Value {
  const value = values[index];
  if (value === undefined) throw new Error(`there is no output ${index}`);
  return value;
}

function outputIndex(name: string): number {
  return Number(/:(\d+)$/.exec(name)?.[1] ?? 0);
}

function weightOf(tf: TfGraph, name: string): Weight {
  const weight = tf.weights.get(baseName(name));
  if (weight === undefined) throw new Error(`the graph has no weights ${name}`);
  return weight;
}

function baseName(name: string): string {
  return name.replace(/:\d+$/, '');
}
