/** A box, a processor or a database that stands still: no camera may be restarted for a lateness of our own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { childEnd } from '../../src/testing/processes.ts';
import { eventually } from '../harness/program.ts';
import type { FaultBox } from './fault-box.ts';
import { countFrames, sumOf } from './frame-counts.ts';

export type LateFigures = Readonly<{
  seconds: number;
  /** ffmpeg starts and silences of all cameras during the fault and some seconds after it. */
  restarts: number;
  stalls: number;
  /** Until every camera's pictures are analysed again. */
  backSeconds: number;
  /** Events that the centre still had not stored half a minute later. */
  eventsWaiting: number;
}>;

const lateFaults = {
  /** The edge is halted as a whole, its ffmpegs are not. */
  halt: async ({ edge }: FaultBox, seconds: number): Promise<void> => {
    process.kill(edge.pid, 'SIGSTOP');
    await wait(seconds * 1000);
    process.kill(edge.pid, 'SIGCONT');
  },
  /** Nobody else can write to the collector's database. */
  database: async ({ databaseFile }: FaultBox, seconds: number): Promise<void> => {
    const database = new DatabaseSync(databaseFile, { timeout: 30_000 });
    database.exec('begin exclusive');
    await wait(seconds * 1000);
    database.exec('rollback');
    database.close();
  },
  /** Every processor is wanted by a program that never rests. */
  hog: async (_: FaultBox, seconds: number): Promise<void> => {
    const hogs = Array.from(
      { length: availableParallelism() },
      (): ChildProcess => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
    );
    await wait(seconds * 1000);
    await Promise.all(hogs.map((hog) => childEnd(hog, 'SIGKILL')));
  },
} as const;

export type LateFault = keyof typeof lateFaults;

const afterwardsMs = 8000;
const patienceMs = 30_000;

export async function standStill(
  box: FaultBox,
  fault: LateFault,
  seconds: number,
): Promise<LateFigures> {
  const { edge, cameras } = box;
  const ids = cameras.map(({ cameraId }) => cameraId);
  const sums = async (): Promise<readonly [number, number]> => [
    await sumOf(edge, 'connections_total', ids),
    await sumOf(edge, 'stalls_total', ids),
  ];
  const before = await sums();
  await lateFaults[fault](box, seconds);
  const overMs = performance.now();
  const counts = countFrames(edge, ids);
  const back = () => ids.map((id) => counts.firstAfter(id, overMs + 1000));
  await eventually(() => back().every((atMs) => atMs !== undefined), patienceMs);
  await wait(Math.max(0, overMs + afterwardsMs - performance.now()));
  const after = await sums();
  const waiting = async () => (await edge.figures()).get('haoguanjia_edge_outbox_rows') ?? 0;
  const isDrained = await eventually(async () => (await waiting()) === 0, patienceMs);
  const backMs = Math.max(...back().map((atMs) => atMs ?? Number.POSITIVE_INFINITY));
  await counts.stop();
  return {
    seconds,
    restarts: after[0] - before[0],
    stalls: after[1] - before[1],
    backSeconds: Number(((backMs - overMs) / 1000).toFixed(1)),
    eventsWaiting: isDrained ? 0 : await waiting(),
  };
}

export function faultsOfLate(fault: LateFault, figures: LateFigures): readonly string[] {
  const wrong: readonly (readonly [boolean, string])[] = [
    [figures.restarts > 0, `${figures.restarts} cameras were restarted for a lateness of our own`],
    [figures.stalls > 0, `${figures.stalls} cameras were taken for silent`],
    [!(figures.backSeconds <= 10), 'pictures were not analysed again within 10 s'],
    [figures.eventsWaiting > 0, `${figures.eventsWaiting} events never reached the centre`],
  ];
  return wrong.flatMap(([is, sentence]) => (is ? [`${fault}: ${sentence}`] : []));
}
