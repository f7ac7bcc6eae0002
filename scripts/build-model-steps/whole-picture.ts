/**
 * Lets the first convolution take the picture's bytes as they are, for INT8: normalisation goes into its kernel and bias, and
 * the bytes need no rounding. It reads four pixels beside each other as one of twelve channels and makes two places at
 * once, which costs some products with zero and spares gathering the pixels of each place: less than half the time.
 *
 * Beyond the picture's edge stands one grey for all three colours instead of each one's mean; they differ by at most ten
 * levels of 255, which is seen by the outermost places alone.
 */
import { normalisation } from './normalisation.ts';
import { inputName, type OnnxGraph, type OnnxNode, type OnnxTensor } from './onnx-graph.ts';

const colours = 3;
const taps = 3;
/** Pixels read as one, and places of the stride of two that they make. */
const group = 4;
const places = group / 2;
/** The mean of the three means, in whole levels. */
const grey = Math.round(normalisation.mean.reduce((sum, level) => sum + level, 0) / colours);

/** Throws when the graph does not begin with the normalisation and a 3x3 convolution of stride two. */
export function takeWholePicture(graph: OnnxGraph): OnnxGraph {
  const first = graph.nodes.find(({ op }) => op === 'Conv');
  const kernel = graph.constants.get(first?.inputs[1] ?? '');
  const bias = graph.constants.get(first?.inputs[2] ?? '');
  if (first === undefined || kernel === undefined || bias === undefined)
    throw new Error('the graph does not begin with a convolution that has a bias');
  if (kernel.shape.slice(1).join() !== `${colours},${taps},${taps}` || graph.width % group !== 0)
    throw new Error('the first convolution is not the one of NanoDet');

  const [output = ''] = first.outputs;
  const constants = new Map(graph.constants);
  const before = new Set(graph.nodes.slice(0, graph.nodes.indexOf(first)));
  for (const { inputs } of before) for (const input of inputs) constants.delete(input);
  const nodes = graph.nodes.flatMap((node): readonly OnnxNode[] => {
    if (before.has(node)) return [];
    if (node === first) return groupedConvolution(first, graph, kernel, bias, constants);
    const inputs = node.inputs.map((input) => (input === output ? `${output}_places` : input));
    return [{ ...node, inputs }];
  });
  return { ...graph, nodes, constants };
}

function groupedConvolution(
  { inputs: [, kernel = '', bias = ''], outputs: [output = ''] }: OnnxNode,
  { width, height }: OnnxGraph,
  weights: OnnxTensor,
  biases: OnnxTensor,
  constants: Map<string, OnnxTensor>,
): readonly OnnxNode[] {
  const channels = weights.shape[0] ?? 0;
  const shapeOf = (name: string, shape: readonly number[]): string => {
    constants.set(name, { data: BigInt64Array.from(shape, BigInt), shape: [shape.length] });
    return name;
  };
  const groups = shapeOf('picture_groups_shape', [1, height, width / group, group * colours]);
  const apart = shapeOf(`${output}_apart_shape`, [1, height / 2, width / 2, channels]);
  constants.set('picture_step', { data: Float32Array.of(1), shape: [] });
  constants.set('picture_grey', { data: Uint8Array.of(grey), shape: [] });
  const folded = foldNormalisation(
    weights.data as Float32Array,
    biases.data as Float32Array,
    channels,
  );
  constants.set(kernel, groupedKernel(folded.kernel, channels));
  const twice = Float32Array.from({ length: channels * places }, (_, at) => {
    return folded.bias[at % channels] ?? 0;
  });
  constants.set(bias, { data: twice, shape: [channels * places] });
  return [
    node('Reshape', [inputName, groups], 'picture_groups'),
    node('Transpose', ['picture_groups'], 'picture_planes', { perm: [0, 3, 1, 2] }),
    node('DequantizeLinear', ['picture_planes', 'picture_step', 'picture_grey'], 'picture_levels'),
    node('Conv', ['picture_levels', kernel, bias], output, {
      kernel_shape: [taps, 2],
      strides: [2, 1],
      pads: [1, 1, 1, 0],
    }),
    node('Transpose', [output], `${output}_groups`, { perm: [0, 2, 3, 1] }),
    node('Reshape', [`${output}_groups`, apart], `${output}_apart`),
    node('Transpose', [`${output}_apart`], `${output}_places`, { perm: [0, 3, 1, 2] }),
  ];
}

function node(
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: OnnxNode['attributes'] = {},
): OnnxNode {
  return { op, inputs, outputs: [output], attributes };
}

/** For levels from `grey`: kernel * (level - mean) / deviation = (kernel / deviation) * (level - grey) + a constant. */
function foldNormalisation(kernel: Float32Array, bias: Float32Array, channels: number) {
  const folded = { kernel: new Float32Array(kernel.length), bias: new Float32Array(bias) };
  const tapsOfColour = taps * taps;
  for (const [at, weight] of kernel.entries()) {
    const channel = Math.floor(at / (kernel.length / channels));
    const colour = Math.floor(at / tapsOfColour) % colours;
    const scaled = weight / (normalisation.deviation[colour] ?? 1);
    folded.kernel[at] = scaled;
    folded.bias[channel] =
      (folded.bias[channel] ?? 0) + scaled * (grey - (normalisation.mean[colour] ?? 0));
  }
  return folded;
}

/**
 * [channels, colours, 3, 3] -> [places x channels, group x colours, 3, 2]: place p of a group stands at its pixel 2p and sees
 * one pixel to each side, the first place therefore the last pixel of the group before.
 */
function groupedKernel(kernel: Float32Array, channels: number): OnnxTensor {
  const shape = [places * channels, group * colours, taps, 2] as const;
  const data = new Float32Array(shape.reduce((product, length) => product * length, 1));
  for (const [at, weight] of kernel.entries()) {
    const across = at % taps;
    const row = Math.floor(at / taps) % taps;
    const colour = Math.floor(at / taps ** 2) % colours;
    const channel = Math.floor(at / (taps ** 2 * colours));
    for (let place = 0; place < places; place += 1) {
      const pixel = 2 * place + across - 1;
      const groupAt = pixel < 0 ? 0 : 1;
      const input = ((pixel + group) % group) * colours + colour;
      const output = place * channels + channel;
      data[((output * shape[1] + input) * taps + row) * 2 + groupAt] = weight;
    }
  }
  return { data, shape };
}
