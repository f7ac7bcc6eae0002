/**
 * Proves the conversion: the same picture through the TensorFlow.js runtime and through ONNX Runtime has to give the
 * same numbers (fp32), and the INT8 model has to see the same things.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { io } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { normalisation } from './normalisation.ts';
import { inputName } from './onnx-graph.ts';

const nativeSize = 416;

export type Outputs = ReadonlyMap<string, Float32Array>;

/** `pixels` is RGB, 416 x 416 x 3. The keys are `cls8`, `reg8` and so on, and `features`, the node of that name. */
export async function runTensorFlow(
  modelFile: string,
  features: string,
  pixels: Uint8Array,
): Promise<Outputs> {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  await tf.ready();
  const model = await loadGraphModel(io.fromMemory(readArtifacts(modelFile)));
  const { mean, deviation } = normalisation;
  const plane = nativeSize * nativeSize;
  const input = new Float32Array(3 * plane);
  for (let at = 0; at < plane; at += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      const value = pixels[at * 3 + channel] ?? 0;
      input[channel * plane + at] = (value - (mean[channel] ?? 0)) / (deviation[channel] ?? 1);
    }
  }
  const picture = tf.tensor(input, [1, 3, nativeSize, nativeSize]);
  const results = model.execute(picture) as tf.Tensor[];
  const stage = model.execute(picture, features) as tf.Tensor;
  const heads = results.map((tensor): [string, Float32Array] => {
    const [, cells = 1, channels = 0] = tensor.shape;
    const stride = nativeSize / Math.sqrt(cells);
    return [`${channels === 80 ? 'cls' : 'reg'}${stride}`, tensor.dataSync<'float32'>()];
  });
  const planes = tf.transpose(stage, [0, 3, 1, 2]).dataSync<'float32'>();
  return new Map([...heads, ['features', planes]]);
}

export async function runOnnx(
  model: Uint8Array,
  pixels: Uint8Array,
  width: number,
  height: number,
): Promise<Outputs> {
  const session = await InferenceSession.create(model);
  const outputs = await session.run({
    [inputName]: new Tensor('uint8', pixels, [1, height, width, 3]),
  });
  await session.release();
  return new Map(
    Object.entries(outputs).map(([name, tensor]) => [name, tensor.data as Float32Array]),
  );
}

/** The largest difference between two sets of outputs; infinite when they are not of the same shape. */
export function largestDifference(left: Outputs, right: Outputs): number {
  if (left.size !== right.size || left.size === 0) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (const [name, values] of left) {
    const others = right.get(name);
    if (others?.length !== values.length) return Number.POSITIVE_INFINITY;
    values.forEach((value, at) => {
      largest = Math.max(largest, Math.abs(value - (others[at] ?? Number.NaN)));
    });
  }
  return largest;
}

function readArtifacts(modelFile: string): io.ModelArtifacts {
  const model = JSON.parse(readFileSync(modelFile, 'utf8')) as {
    modelTopology: object;
    weightsManifest: io.WeightsManifestConfig;
    signature: object;
  };
  const shards = model.weightsManifest.flatMap(({ paths }) =>
    paths.map((path) => readFileSync(join(dirname(modelFile), path))),
  );
  const bytes = Buffer.concat(shards);
  return {
    modelTopology: model.modelTopology,
    weightSpecs: model.weightsManifest.flatMap(({ weights }) => weights),
    weightData: bytes.buffer.slice(
      bytes.byteOffset,
      bytes.byteOffset + bytes.byteLength,
    ) as ArrayBuffer,
    signature: model.signature,
  };
}
