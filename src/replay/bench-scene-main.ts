/**
 * What following, identity and rules cost together for one camera, per frame: ten people, three wires, two zones and two
 * watch points at 5 frames a second, several runs, in processor time; then a whole day with ten people who come and go, to see
 * that neither cost nor memory grows. The day runs at 3 frames a second, so that it is over in a minute or two. With `--busy`
 * it is a day in a street through which more than three thousand people pass in an hour. The last line is JSON.
 *   npm run --silent bench:scene [-- --runs 7 --hours 24 --busy]
 */
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createScene, type Scene } from '../edge/scene/scene.ts';
import { benchRules, type Cost, measureReference, measureScene } from './bench/measure-scene.ts';
import { createWalkers } from './bench/walkers.ts';
import { exitWith } from './exit-with.ts';
import { ReplayError } from './replay-error.ts';

const usage = 'npm run --silent bench:scene [-- --runs N --hours N --busy]';
const people = 10;
const framesOfRun = 1500;
const runFps = 5;
const dayFps = 3;
const hourMs = 3_600_000;

type Hour = Cost & Readonly<{ hour: number; heapMb: number; remembered: number }>;

function main(args: readonly string[]): void {
  const { runs, hours, busy } = readOptions(args);
  const costs = measureRuns(runs);
  const day = measureDay(hours, busy);
  const perFrame = spread(costs.map(({ scene }) => scene.msPerFrame));
  const ratio = spread(costs.map(({ scene, referenceMs }) => scene.msPerFrame / referenceMs));
  say(`${people} people, ${runFps} fps: ${perFrame.median} ms a frame, ${ratio.median} references`);
  process.stdout.write(
    `${JSON.stringify({
      ...{ people, runs, msPerFrame: perFrame, ratio },
      wallMsPerFrame: spread(costs.map(({ scene }) => scene.wallMsPerFrame)),
      referenceMs: spread(costs.map(({ referenceMs }) => referenceMs)),
      day: { hours, framesPerSecond: dayFps, ...growthOf(day), everyHour: day.map(briefly) },
    })}\n`,
  );
}

type Run = Readonly<{ scene: Cost; referenceMs: number }>;

/** The first run warms up and is left out. */
function measureRuns(runs: number): readonly Run[] {
  return Array.from({ length: runs + 1 }, (_, seed) => {
    const walkers = createWalkers({ seed, people, habit: 'stay' });
    const course = { fromMs: 0, frames: framesOfRun, framesPerSecond: runFps };
    const before = measureReference();
    const scene = measureScene(newScene(), walkers, course);
    const referenceMs = (before + measureReference()) / 2;
    return { scene, referenceMs };
  }).slice(1);
}

function measureDay(hours: number, busy: boolean): readonly Hour[] {
  const scene = newScene();
  const habit = busy ? 'pass-through' : 'come-and-go';
  const walkers = createWalkers({ seed: 24, people, habit });
  return Array.from({ length: hours }, (_, hour) => {
    const course = { fromMs: hour * hourMs, frames: 3600 * dayFps, framesPerSecond: dayFps };
    const cost = measureScene(scene, walkers, course);
    const heapMb = rounded(heapAfterCollection());
    const msPerFrame = rounded(cost.msPerFrame);
    const remembered = scene.remembered();
    say(
      `hour ${hour + 1}: ${msPerFrame} ms a frame, ${cost.tracks} tracks, ` +
        `${remembered} remembered, ${heapMb} MB in use`,
    );
    return { ...cost, hour: hour + 1, msPerFrame, heapMb, remembered };
  });
}

function newScene(): Scene {
  return createScene({ rules: benchRules, aspectRatio: 4 / 3 });
}

function briefly({ hour, msPerFrame, heapMb, remembered, tracksPerFrame, ...counts }: Hour) {
  const { tracks, persons, events } = counts;
  const brief = { hour, msPerFrame, heapMb, remembered, tracks, persons, events };
  return { ...brief, tracksPerFrame: rounded(tracksPerFrame) };
}

/** The last quarter against the second: the first fills memories that are meant to be filled. */
function growthOf(day: readonly Hour[]) {
  const quarter = Math.floor(day.length / 4);
  if (quarter === 0) return {};
  const [early, late] = [day.slice(quarter, 2 * quarter), day.slice(-quarter)];
  const middle = (hours: readonly Hour[], key: 'msPerFrame' | 'heapMb') =>
    spread(hours.map((hour) => hour[key])).median;
  return {
    costGrowth: rounded(middle(late, 'msPerFrame') / middle(early, 'msPerFrame')),
    heapGrowthMb: rounded(middle(late, 'heapMb') - middle(early, 'heapMb')),
  };
}

function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

function spread(values: readonly number[]) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => rounded(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
  return { median: at(0.5), least: at(0), greatest: at(1) };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

type Options = Readonly<{ runs: number; hours: number; busy: boolean }>;

function readOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        runs: { type: 'string', default: '7' },
        hours: { type: 'string', default: '24' },
        busy: { type: 'boolean', default: false },
      },
    });
    const [runs, hours] = [Number(values.runs), Number(values.hours)];
    if (Number.isInteger(runs) && runs > 0 && Number.isInteger(hours) && hours >= 0) {
      return { runs, hours, busy: values.busy };
    }
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new ReplayError('bad-arguments', `${reason}; use: ${usage}`, cause);
  }
  const message = `--runs must be a number of runs, --hours a number of hours; use: ${usage}`;
  throw new ReplayError('bad-arguments', message);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

try {
  main(process.argv.slice(2));
} catch (error) {
  exitWith(error);
}
