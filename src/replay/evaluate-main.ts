/**
 * Replays a clip with each built model at several analysis rates and compares what was found with the truth about it:
 * prints one table, and writes the figures as JSON and a picture of each replay. With `--empty-scenes` it replays scenes
 * in which nothing happens instead, and tells what fired. Progress goes to stderr.
 * Exit 2 with one sentence when the clip, the truth or the arguments are at fault.
 */

import {
  type EmptyScene,
  replayEmptyLane,
  replaySwayingTree,
} from './empty-scenes/empty-scenes.ts';
import { emptySceneText } from './empty-scenes/empty-scenes-text.ts';
import { type EvaluateOptions, readEvaluateOptions } from './evaluate-options.ts';
import { evaluateClip } from './evaluation/evaluate-clip.ts';
import { type NamedEvaluation, scoreTable } from './evaluation/score-table.ts';
import { readTruth } from './evaluation/truth.ts';
import { exitWith } from './exit-with.ts';
import { writeOutput } from './write-output.ts';

const emptyLaneSeconds = 600;
const say = (line: string): boolean => process.stderr.write(`${line}\n`);

async function main(args: readonly string[]): Promise<void> {
  const options = await readEvaluateOptions(args);
  await (options.emptyScenes ? watchNothing(options) : evaluateModels(options));
}

/** Exit 1 when anything was raised or followed. */
async function watchNothing({ clip, models, rates, output }: EvaluateOptions): Promise<void> {
  const scenes: (EmptyScene & { model: string })[] = [];
  for (const model of models) {
    for (const analysisFps of rates) {
      const look = { model, analysisFps, say };
      const tree = await replaySwayingTree(look);
      if (tree === undefined) say('no swaying tree: install the package opencv-doc to replay it');
      const lane = await replayEmptyLane(clip, emptyLaneSeconds, look);
      for (const scene of tree === undefined ? [lane] : [tree, lane]) {
        scenes.push({ model: nameOf(model), ...scene });
        process.stdout.write(`${nameOf(model)}, ${emptySceneText(scene)}\n`);
      }
    }
  }
  await writeOutput(output, 'empty-scenes.json', JSON.stringify(scenes, null, 2));
  if (scenes.some(({ events, tracks }) => events + tracks.length > 0)) process.exitCode = 1;
}

async function evaluateModels({ truth: folder, clip, models, rates }: EvaluateOptions) {
  const truth = await readTruth(folder);
  const evaluations: NamedEvaluation[] = [];
  for (const model of models) {
    const name = nameOf(model);
    for await (const { analysisFps, evaluation } of evaluateClip({
      ...{ clip, truth, model, rates, say },
    })) {
      evaluations.push({ title: [...name.split('-'), `${analysisFps} fps`], evaluation });
    }
  }
  process.stdout.write(`${scoreTable(evaluations)}\n`);
}

function nameOf(model: string): string {
  return (model.split('/').at(-1) ?? model).replace('.manifest.json', '');
}

await main(process.argv.slice(2)).catch(exitWith);
