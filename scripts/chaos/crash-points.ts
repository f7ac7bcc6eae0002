/** The steps around each commit, and a program that dies at them one after the other. */
import { eventually, type Program } from '../harness/program.ts';
import type { Random } from '../harness/random.ts';

export const edgePoints = [
  'edge-before-commit',
  'edge-after-commit',
  'edge-before-delete',
  'edge-after-delete',
] as const;
export const collectorPoints = [
  'collector-before-commit',
  'collector-after-commit',
  'collector-after-ack',
] as const;
export type CrashPoint = (typeof edgePoints)[number] | (typeof collectorPoints)[number];

/** For the start of a program that is to die, or to live when nothing is set. */
export type CrashPlan = { point?: CrashPoint; passes: number };

export function crashEnvironment({ point, passes }: CrashPlan): Record<string, string> {
  return point === undefined ? {} : { CRASH_AT: point, CRASH_AFTER: String(passes) };
}

/** Resolves with how often it died; it runs undisturbed then. */
export async function dieAtEach(
  program: Program,
  plan: CrashPlan,
  points: readonly CrashPoint[],
  { times, random }: Readonly<{ times: number; random: Random }>,
): Promise<number> {
  let deaths = 0;
  for (let round = 0; round < times; round += 1) {
    for (const point of random.shuffled(points)) {
      plan.point = point;
      plan.passes = random.below(6);
      await program.end('SIGKILL');
      program.start();
      if (!(await eventually(() => !program.isRunning(), 30_000)))
        throw new Error(`${program.name} never came to ${point}`);
      deaths += 1;
    }
  }
  delete plan.point;
  await program.end('SIGKILL');
  program.start();
  return deaths;
}
