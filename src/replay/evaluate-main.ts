/**
 * Replays a clip at several analysis rates and compares what was found with the truth about it: prints one table.
 * Exit 2 with one sentence when the clip, the truth or the arguments are at fault.
 */
import { parseArgs } from 'node:util';
import { analyseClip } from './analyse-clip.ts';
import { evaluate } from './evaluation/evaluate.ts';
import { type NamedEvaluation, scoreTable } from './evaluation/score-table.ts';
import { readTruth, type Truth } from './evaluation/truth.ts';
import { exitWith } from './exit-with.ts';
import { openAnalytics } from './open-analytics.ts';
import { ReplayError } from './replay-error.ts';

const usage =
  'npm run --silent evaluate -- --truth FOLDER --clip FILE [--model MANIFEST]... [--analysis-fps N]...';
const defaultRates = ['10', '5', '3'];

type Options = Readonly<{
  truth: string;
  clip: string;
  models: readonly (string | undefined)[];
  rates: readonly number[];
}>;

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  const truth = await readTruth(options.truth);
  const evaluations: NamedEvaluation[] = [];
  for (const model of options.models) {
    for (const analysisFps of options.rates) {
      const evaluation = await evaluateOne(options.clip, truth, analysisFps, model);
      evaluations.push({ title: titleOf(analysisFps, model), evaluation });
    }
  }
  process.stdout.write(`${scoreTable(evaluations)}\n`);
}

async function evaluateOne(
  clip: string,
  truth: Truth,
  analysisFps: number,
  model: string | undefined,
) {
  process.stderr.write(`replaying ${clip} at ${analysisFps} frames a second\n`);
  const { rules } = truth;
  const chosen = model === undefined ? {} : { model };
  const analytics = await openAnalytics({ clip, analysisFps, rules, ...chosen });
  try {
    const { recording } = await analyseClip({ ...analytics, rules, progress: () => undefined });
    return evaluate(recording, truth);
  } finally {
    await analytics.close();
  }
}

function titleOf(analysisFps: number, model: string | undefined): readonly string[] {
  const name = model?.split('/').at(-1)?.replace('.manifest.json', '');
  return [name ?? '', `${analysisFps} fps`];
}

/** Throws ReplayError `bad-arguments`. */
function readOptions(args: readonly string[]): Options {
  const { truth, clip, model, 'analysis-fps': rates } = parse(args);
  if (truth === undefined || clip === undefined) throw bad('--truth and --clip must be given');
  const numbers = (rates ?? defaultRates).map(Number);
  if (!numbers.every((rate) => rate > 0 && rate <= 120)) {
    throw bad('--analysis-fps must be a number above 0 and at most 120');
  }
  return { truth, clip, models: model ?? [undefined], rates: numbers };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        truth: { type: 'string' },
        clip: { type: 'string' },
        model: { type: 'string', multiple: true },
        'analysis-fps': { type: 'string', multiple: true },
      },
    }).values;
  } catch (cause) {
    throw bad(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function bad(what: string, cause?: unknown): ReplayError {
  return new ReplayError('bad-arguments', `${what}; use: ${usage}`, cause);
}

await main(process.argv.slice(2)).catch(exitWith);
