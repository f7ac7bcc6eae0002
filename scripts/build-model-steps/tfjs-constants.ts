/** Values of the graph that are known before any picture: paddings, permutations, sizes. */
import type { TfGraph } from './tfjs-graph.ts';

type Constant = Readonly<{ data: readonly number[]; shape: readonly number[] }>;

/** The flat numbers of a constant expression. Throws when the expression depends on the picture. */
export function readConstant(tf: TfGraph, name: string): readonly number[] {
  return evaluate(tf, name).data;
}

function evaluate(tf: TfGraph, name: string): Constant {
  const key = name.replace(/:\d+$/, '');
  const node = tf.nodes.get(key);
  const input = (index: number): Constant => evaluate(tf, node?.input?.[index] ?? '');
  switch (node?.op) {
    case 'Const': {
      const weight = tf.weights.get(key);
      return { data: Array.from(weight?.data ?? []), shape: weight?.shape ?? [] };
    }
    case 'SparseToDense':
      return dense(input(0), input(1), input(2), input(3));
    case 'Add':
    case 'AddV2': {
      const [left, right] = [input(0), input(1)];
      const data = left.data.map((value, at) => value + (right.data[at % right.data.length] ?? 0));
      return { data, shape: left.shape };
    }
    case 'Reshape':
      return { data: input(0).data, shape: input(1).data };
    case 'Transpose':
      return transposedPairs(input(0));
    default:
      throw new Error(`${name} is no constant`);
  }
}

function dense(indices: Constant, size: Constant, values: Constant, preset: Constant): Constant {
  const shape = size.data;
  const count = shape.reduce((product, length) => product * length, 1);
  const data = new Array<number>(count).fill(preset.data[0] ?? 0);
  for (let entry = 0; entry < indices.data.length / shape.length; entry += 1) {
    const place = shape.reduce(
      (at, length, axis) => at * length + (indices.data[entry * shape.length + axis] ?? 0),
      0,
    );
    data[place] = values.data[entry] ?? values.data[0] ?? 0;
  }
  return { data, shape };
}

/** Two rows become pairs: all befores and all afters of a padding, written axis by axis. */
function transposedPairs({ data }: Constant): Constant {
  const half = data.length / 2;
  const pairs = Array.from({ length: half }, (_, at) => [data[at] ?? 0, data[half + at] ?? 0]);
  return { data: pairs.flat(), shape: [half, 2] };
}
