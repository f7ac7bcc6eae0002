/**
 * The converted graph with less work in it and the same outputs, in fp32 to the last rounding.
 * Tensors that stay keep their names, by which the calibrated ranges are found.
 */
import { turnHeadsFirst } from './head-places.ts';
import type { OnnxGraph, OnnxNode } from './onnx-graph.ts';

export function leanGraph(graph: OnnxGraph): OnnxGraph {
  return turnHeadsFirst(poolBeforeActivation(graph));
}

/**
 * The greatest of activated values is the activation of the greatest, because LeakyRelu rises everywhere: pooled first, only
 * a quarter of them has to be activated.
 */
function poolBeforeActivation(graph: OnnxGraph): OnnxGraph {
  const usersOf = (tensor: string | undefined): readonly OnnxNode[] =>
    graph.nodes.filter(({ inputs }) => inputs.includes(tensor ?? ''));
  const activationOf = (pool: OnnxNode): OnnxNode | undefined => {
    if (pool.op !== 'MaxPool') return undefined;
    const before = graph.nodes.find(({ outputs }) => outputs[0] === pool.inputs[0]);
    return before?.op === 'LeakyRelu' && usersOf(before.outputs[0]).length === 1
      ? before
      : undefined;
  };
  const moved = new Set(graph.nodes.map(activationOf));
  const nodes = graph.nodes.flatMap((node): readonly OnnxNode[] => {
    if (moved.has(node)) return [];
    const activation = activationOf(node);
    if (activation === undefined) return [node];
    const pooled = `${node.outputs[0]}_pooled`;
    return [
      { ...node, inputs: activation.inputs, outputs: [pooled] },
      { ...activation, inputs: [pooled], outputs: node.outputs },
    ];
  });
  return { ...graph, nodes };
}
