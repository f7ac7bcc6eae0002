/**
 * Replays a clip with each built model at several analysis rates and compares what was found with the truth about it:
 * prints one table, and writes the figures as JSON and a picture of each replay. With `--empty-scenes` it replays scenes
 * in which nothing happens instead, and tells what fired (exit 1). With `--regions` it lays the clip small into a picture
 * of 1920x1080 and compares ways of looking closely at it. Progress goes to stderr.
 * Exit 2 with one sentence when the clip, the truth or the arguments are at fault.
 */
import { backgroundOf, type StillPicture } from './empty-scenes/background.ts';
import {
  type EmptyScene,
  replayEmptyLane,
  replaySwayingTree,
} from './empty-scenes/empty-scenes.ts';
import { emptySceneText } from './empty-scenes/empty-scenes-text.ts';
import { type EvaluateOptions, readEvaluateOptions } from './evaluate-options.ts';
import { evaluateClip } from './evaluation/evaluate-clip.ts';
import { type EvaluatedReplay, evaluationJson } from './evaluation/evaluation-json.ts';
import { drawEvaluation } from './evaluation/picture/picture.ts';
import { scoreTable } from './evaluation/score-table.ts';
import { readTruth } from './evaluation/truth.ts';
import { exitWith } from './exit-with.ts';
import { evaluateRegions, type RegionScore, regionText } from './regions/evaluate-regions.ts';
import { writeOutput } from './write-output.ts';

const emptyLaneSeconds = 600;

async function main(args: readonly string[]): Promise<void> {
  const options = await readEvaluateOptions(args);
  if (options.emptyScenes) return watchNothing(options);
  return options.regions ? compareRegions(options) : evaluateModels(options);
}

/** The figures are written after each replay: who stops a long evaluation keeps what there is. */
async function evaluateModels(options: EvaluateOptions) {
  const { truth: folder, clip, models, rates, looks: ways, output } = options;
  const truth = await readTruth(folder);
  let background: StillPicture | undefined;
  const replays: EvaluatedReplay[] = [];
  for (const manifest of models) {
    const model = nameOf(manifest);
    const scored = evaluateClip({ clip, truth, model: manifest, rates, looks: ways, say });
    for await (const { analysisFps, looks, recording, evaluation } of scored) {
      replays.push({ model, analysisFps, looks, evaluation });
      const figures = { clip: fileOf(clip), replays: replays.map(evaluationJson) };
      await writeOutput(output, 'evaluation.json', `${JSON.stringify(figures, null, 2)}\n`);
      background ??= await backgroundOf(clip);
      const title = [`${analysisFps} frames a second`, model, fileOf(clip)];
      const picture = await drawEvaluation({ background, title, recording, evaluation, truth });
      await writeOutput(
        output,
        `${model}-${analysisFps}fps${looks === 'every' ? '' : `-${looks}`}.png`,
        picture,
      );
    }
  }
  const columns = replays.map(({ model, analysisFps, looks, evaluation }) => {
    const way = ways.length > 1 ? [`looks: ${looks}`] : [];
    return { title: [...model.split('-'), `${analysisFps} fps`, ...way], evaluation };
  });
  process.stdout.write(`${scoreTable(columns)}\n`);
  say(`figures and pictures are in ${output}`);
}

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
  await writeOutput(output, 'empty-scenes.json', `${JSON.stringify(scenes, null, 2)}\n`);
  if (scenes.some(({ events, tracks }) => events + tracks.length > 0)) process.exitCode = 1;
}

async function compareRegions({ truth: folder, clip, models, rates, output }: EvaluateOptions) {
  const truth = await readTruth(folder);
  const scores: (RegionScore & { model: string; analysisFps: number })[] = [];
  for (const model of models) {
    for (const analysisFps of rates) {
      for await (const score of evaluateRegions({ clip, truth, model, analysisFps, say })) {
        scores.push({ model: nameOf(model), analysisFps, ...score });
        process.stdout.write(`${regionText(score)}\n`);
      }
    }
  }
  await writeOutput(output, 'regions.json', `${JSON.stringify(scores, null, 2)}\n`);
}

function nameOf(manifest: string): string {
  return fileOf(manifest).replace('.manifest.json', '');
}

function fileOf(path: string): string {
  return path.split('/').at(-1) ?? path;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

await main(process.argv.slice(2)).catch(exitWith);
