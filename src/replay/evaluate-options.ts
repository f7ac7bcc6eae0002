/** The command line of `npm run evaluate`. */
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Looks } from '../edge/lookout.ts';
import { ReplayError } from './replay-error.ts';

export type EvaluateOptions = Readonly<{
  /** Folder of the ground truth. */
  truth: string;
  clip: string;
  /** Manifests, at least one. */
  models: readonly string[];
  /** Frames analysed a second, the greatest first. */
  rates: readonly number[];
  /** Folder for the figures in JSON and the pictures. */
  output: string;
  /** Replay scenes in which nothing happens, instead of the clip. */
  emptyScenes: boolean;
  /** Ways of looking that are compared: every frame, and with `--gate` also those that a box would look at. */
  looks: readonly Looks[];
  /** Lay the clip small into a large picture, and compare ways of looking closely at it. */
  regions: boolean;
}>;

const usage =
  'npm run --silent evaluate -- [--truth FOLDER] [--clip FILE] [--model MANIFEST]... [--analysis-fps N]... ' +
  '[--output FOLDER] [--gate] [--empty-scenes | --regions]';

const known = {
  truth: { type: 'string' },
  clip: { type: 'string' },
  model: { type: 'string', multiple: true },
  'analysis-fps': { type: 'string', multiple: true },
  output: { type: 'string' },
  'empty-scenes': { type: 'boolean' },
  gate: { type: 'boolean' },
  regions: { type: 'boolean' },
} as const;

const root = fileURLToPath(new URL('../../', import.meta.url));
const modelFolder = 'models';
const defaultModel = 'nanodet-416x320-int8.manifest.json';

/** Paths that are not given are within the project, or beside it for the truth. Rejects with ReplayError `bad-arguments`. */
export async function readEvaluateOptions(args: readonly string[]): Promise<EvaluateOptions> {
  const values = parse(args);
  const { 'empty-scenes': emptyScenes = false, regions = false } = values;
  const takesDefaults = emptyScenes || regions;
  return {
    truth: values.truth ?? inProject('../shared/data/pets09-s2l1'),
    clip: values.clip ?? inProject('test-fixtures/clips/town-square.mp4'),
    models: values.model ?? (takesDefaults ? [inModels(defaultModel)] : await builtModels()),
    rates: readRates(
      values['analysis-fps'] ?? (takesDefaults ? [regions ? '2' : '5'] : ['10', '5', '3']),
    ),
    output: values.output ?? inProject('test-artefacts/evaluation'),
    emptyScenes,
    looks: values.gate === true ? ['every', 'moving', 'adaptive'] : ['every'],
    regions,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: known, strict: true }).values;
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw bad(reason, cause);
  }
}

function readRates(texts: readonly string[]): readonly number[] {
  const rates = texts.map(Number);
  if (!rates.every((rate) => rate > 0 && rate <= 120)) {
    throw bad('--analysis-fps must be a number above 0 and at most 120');
  }
  return [...new Set(rates)].sort((a, b) => b - a);
}

async function builtModels(): Promise<readonly string[]> {
  const names = await readdir(inProject(modelFolder)).catch((): string[] => []);
  const manifests = names.filter((name) => name.endsWith('.manifest.json')).sort();
  if (manifests.length === 0) throw bad('no model is built; run scripts/build-model first');
  return manifests.map(inModels);
}

function inModels(name: string): string {
  return inProject(join(modelFolder, name));
}

/** Relative to where the command was started, as a person would type it. */
function inProject(path: string): string {
  return relative(process.cwd(), join(root, path)) || '.';
}

function bad(what: string, cause?: unknown): ReplayError {
  return new ReplayError('bad-arguments', `${what}; use: ${usage}`, cause);
}
