/**
 * Each head ends in a convolution whose channels are cut into scores and distances, and each part is turned from channels
 * of places into places with channels. Turned first and cut then it is the same, and the turn cancels out against the
 * order in which the runtime keeps the channels anyway.
 */
import type { OnnxGraph, OnnxNode, OnnxTensor } from './onnx-graph.ts';

/** What may stand between the cut and an output of the graph. */
const behindCut = new Set(['Identity', 'Transpose', 'Reshape', 'Sigmoid']);

/** `part` is what the cut gives to the head, `replaced` the nodes from there to the output. */
type Head = Readonly<{
  output: string;
  cut: OnnxNode;
  part: string;
  isScore: boolean;
  replaced: readonly OnnxNode[];
}>;

/** Throws when a head is built otherwise. */
export function turnHeadsFirst(graph: OnnxGraph): OnnxGraph {
  const heads = graph.outputs
    .filter(({ name }) => /^(cls|reg)/.test(name))
    .map(({ name }) => findHead(graph, name));
  const cuts = [...new Set(heads.map(({ cut }) => cut))];
  const replaced = new Set([...cuts, ...heads.flatMap((head) => head.replaced)]);
  const constants = new Map(graph.constants);
  const nodes = [
    ...graph.nodes.filter((node) => !replaced.has(node)),
    ...cuts.flatMap((cut) => turnAndCut(cut, constants)),
    ...heads.map(({ part, isScore, output }): OnnxNode => {
      const op = isScore ? 'Sigmoid' : 'Identity';
      return { op, inputs: [part], outputs: [output], attributes: {} };
    }),
  ];
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  for (const name of constants.keys()) if (!used.has(name)) constants.delete(name);
  return { ...graph, nodes, constants };
}

function findHead(graph: OnnxGraph, output: string): Head {
  const replaced: OnnxNode[] = [];
  let part = output;
  for (;;) {
    const node = graph.nodes.find(({ outputs }) => outputs.includes(part));
    if (node?.op === 'Split') {
      const isScore = replaced.some(({ op }) => op === 'Sigmoid');
      return { output, cut: node, part, isScore, replaced };
    }
    if (node === undefined || !behindCut.has(node.op))
      throw new Error(`${output} is not cut from a convolution`);
    replaced.push(node);
    part = node.inputs[0] ?? '';
  }
}

/** [1, channels, height, width] -> [1, places, channels] -> its parts. */
function turnAndCut(
  { inputs: [input = '', lengths = ''], outputs }: OnnxNode,
  constants: Map<string, OnnxTensor>,
): readonly OnnxNode[] {
  const parts = Array.from(constants.get(lengths)?.data ?? [], Number);
  const channels = parts.reduce((sum, length) => sum + length, 0);
  const [turned, shape, places] = [`${input}_turned`, `${input}_shape`, `${input}_places`];
  constants.set(shape, { data: BigInt64Array.of(1n, -1n, BigInt(channels)), shape: [3] });
  return [
    { op: 'Transpose', inputs: [input], outputs: [turned], attributes: { perm: [0, 2, 3, 1] } },
    { op: 'Reshape', inputs: [turned, shape], outputs: [places], attributes: {} },
    { op: 'Split', inputs: [places, lengths], outputs, attributes: { axis: 2 } },
  ];
}
