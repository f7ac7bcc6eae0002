/** Cameras that hang: halted one after the other at a random moment, for as long as it takes, and let go on. */
import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '../harness/program.ts';
import type { Random } from '../harness/random.ts';
import { watchChildren } from './child-watch.ts';
import type { FaultBox, FaultCamera } from './fault-box.ts';
import { countFrames, type FrameCounts } from './frame-counts.ts';

export type StallFigures = Readonly<{
  rounds: number;
  /** From the halt to the event at the centre's subscriber, the longest. */
  offlineSecondsMost: number;
  /** From the camera's going on to its first analysed picture, the longest. */
  backSecondsMost: number;
  /** Of the other cameras' rate, against the time before, in the worst round; and in all rounds together. */
  othersDipMost: number;
  othersDip: number;
  decodersMost: number;
  zombies: number;
  causes: readonly string[];
}>;

type Round = Readonly<{
  offlineSeconds: number;
  backSeconds: number;
  rates: readonly number[];
  cause: string;
}>;

const baselineMs = 10_000;
const patienceMs = 30_000;

export async function stallRounds(
  box: FaultBox,
  rounds: number,
  random: Random,
  say: (line: string) => void,
): Promise<StallFigures> {
  const { edge, cameras } = box;
  const ids = cameras.map(({ cameraId }) => cameraId);
  const children = watchChildren(edge.pid);
  const counts = countFrames(edge, ids);
  const startMs = performance.now();
  await wait(baselineMs);
  const before = mean(ratesOf(counts, ids, startMs, performance.now()));
  const done: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await wait(random.between(200, 2000));
    const camera = cameras[random.below(cameras.length)];
    if (camera === undefined) break;
    const one = await stallOnce(box, camera, counts);
    done.push(one);
    say(
      `round ${round + 1}: ${camera.cameraId} offline after ${one.offlineSeconds.toFixed(1)} s, back after ${one.backSeconds.toFixed(1)} s, others ${mean(one.rates).toFixed(2)} pictures a second (${before.toFixed(2)} before)`,
    );
  }
  await counts.stop();
  await children.stop();
  const dip = (rates: readonly number[]): number => rounded(1 - mean(rates) / before);
  return {
    rounds: done.length,
    offlineSecondsMost: rounded(Math.max(...done.map((one) => one.offlineSeconds))),
    backSecondsMost: rounded(Math.max(...done.map((one) => one.backSeconds))),
    othersDipMost: Math.max(...done.map((one) => dip(one.rates))),
    othersDip: dip(done.flatMap(({ rates }) => rates)),
    decodersMost: children.mostDecoders(),
    zombies: children.zombies(),
    causes: [...new Set(done.map(({ cause }) => cause))],
  };
}

export function stallFaults(figures: StallFigures): readonly string[] {
  const wrong: readonly (readonly [boolean, string])[] = [
    [!(figures.offlineSecondsMost <= 10), 'a camera that hung was not told offline within 10 s'],
    [!(figures.backSecondsMost <= 5), 'a camera that went on was not back within 5 s'],
    [!(figures.othersDip < 0.1), 'the other cameras were slowed by 10 % or more'],
    [figures.decodersMost !== 1, 'a camera had more than one ffmpeg'],
    [figures.zombies > 0, 'zombies were left'],
    [figures.causes.join() !== 'signal-lost', 'the event does not say that the signal was lost'],
  ];
  return wrong.flatMap(([is, sentence]) => (is ? [sentence] : []));
}

async function stallOnce(
  { cameras, events }: FaultBox,
  { cameraId, program }: FaultCamera,
  counts: FrameCounts,
): Promise<Round> {
  const others = cameras.map((one) => one.cameraId).filter((id) => id !== cameraId);
  const haltedMs = performance.now();
  program.halt();
  const offlineEvent = () =>
    events.find(
      (event) =>
        event.kind === 'camera-offline' && event.cameraId === cameraId && event.atMs > haltedMs,
    );
  await eventually(() => offlineEvent() !== undefined, patienceMs);
  const rates = ratesOf(counts, others, haltedMs, performance.now());
  const resumedMs = performance.now();
  program.goOn();
  await eventually(() => counts.firstAfter(cameraId, resumedMs) !== undefined, patienceMs);
  const backMs = counts.firstAfter(cameraId, resumedMs) ?? Number.POSITIVE_INFINITY;
  return {
    offlineSeconds: ((offlineEvent()?.atMs ?? Number.POSITIVE_INFINITY) - haltedMs) / 1000,
    backSeconds: (backMs - resumedMs) / 1000,
    rates,
    cause: offlineEvent()?.cause ?? 'none',
  };
}

function ratesOf(
  counts: FrameCounts,
  ids: readonly string[],
  fromMs: number,
  toMs: number,
): readonly number[] {
  return ids.flatMap((id) => counts.rate(id, fromMs, toMs) ?? []);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}
