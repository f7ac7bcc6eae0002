/** Edge and collector die by SIGKILL at the steps around each commit, one after the other, while events flow. */
import { eventually, type Program } from '../harness/program.ts';
import type { Random } from '../harness/random.ts';
import { speakingRule } from '../harness/speaking-rule.ts';
import { clipFaults } from './clip-verdict.ts';
import { duplicatesCounted } from './duplicates-counted.ts';
import type { Hooks } from './ring.ts';
import { broken, brokenPromises, type Scenario, whileEventsFlow } from './scenario.ts';

const edgePoints = [
  'edge-before-commit',
  'edge-after-commit',
  'edge-before-delete',
  'edge-after-delete',
  'edge-mid-clip-write',
] as const;
const collectorPoints = [
  'collector-before-commit',
  'collector-after-commit',
  'collector-after-ack',
] as const;
/** Around what a paging speaker says; the speaker of this scenario is a folder, so they are died at elsewhere. */
type SpeakerPoint =
  | 'speaker-before-claim'
  | 'speaker-after-claim'
  | 'speaker-before-packet'
  | 'speaker-before-outcome';
export type CrashPoint =
  | (typeof edgePoints)[number]
  | (typeof collectorPoints)[number]
  | SpeakerPoint;
const crashPoints: readonly CrashPoint[] = [...edgePoints, ...collectorPoints];

/** Both sides have been dead most of the time, so that there is a backlog. */
const drainLimitSeconds = 60;

/** What an edge waits for comes from a collector that is dead most of the time. */
const pointLimitMs = 240_000;

/** For the start of a program that is to die, or to live when nothing is set. */
type CrashPlan = { point?: CrashPoint; passes: number };

/** One camera's events each call and speak, so that a second call or a second announcement would show. */
export const crashing: Scenario = async ({ folder, broker, eventsPerSecond, ...run }) => {
  const points = pointsOf(run.crashAt);
  const edgePlan: CrashPlan = { passes: 0 };
  const collectorPlan: CrashPlan = { passes: 0 };
  const settings = {
    ...{ folder, broker, eventsPerSecond },
    edge: { ...hooksOf(edgePlan), options: () => ['--clips'] },
    collector: { ...hooksOf(collectorPlan), more: speakingRule.configuration(folder) },
  };
  const drained = await whileEventsFlow(settings, async (ring) => {
    await speakingRule.save(ring.facts);
    const failing = new AbortController();
    const often = { times: run.times, random: run.random, failing };
    const of = (list: readonly CrashPoint[]) => points.filter((point) => list.includes(point));
    const uncounted: string[] = [];
    const kills = await Promise.all([
      dieAtEach(ring.edge, edgePlan, of(edgePoints), often, async () => undefined),
      dieAtEach(ring.collector, collectorPlan, of(collectorPoints), often, async (point) => {
        // What was committed and not acknowledged comes again, and is told apart.
        if (point === 'collector-after-commit' && !(await duplicatesCounted(ring)))
          uncounted.push(point);
      }),
    ]);
    return { kills: kills[0] + kills[1], uncounted: uncounted.length, log: ring.log };
  });
  const { result, verdict, drainSeconds } = drained;
  const clips = clipFaults(folder, result.log);
  const { kills, uncounted } = result;
  const figures = { faults: kills, ...verdict, drainSeconds, kills, halts: 0, uncounted, ...clips };
  const more = broken({
    [`${kills} deaths instead of ${points.length * run.times}`]: kills < points.length * run.times,
    [`${uncounted} resends were not counted as duplicates`]: uncounted > 0,
    [`${clips.clipsWaiting} clips never went`]: clips.clipsWaiting > 0,
    [`${clips.clipsLost} clips were lost`]: clips.clipsLost > 0,
    [`${clips.clipsHalf} clips are there by half`]: clips.clipsHalf > 0,
  });
  return { figures, broken: [...brokenPromises(drained, drainLimitSeconds), ...more] };
};

function hooksOf(plan: CrashPlan): Hooks {
  return {
    nodeOptions: () =>
      plan.point === undefined ? [] : ['--import', './scripts/chaos/crash-at.ts'],
    environment: (): Record<string, string> =>
      plan.point === undefined ? {} : { CRASH_AT: plan.point, CRASH_AFTER: String(plan.passes) },
  };
}

/** Resolves with how often it died; it runs undisturbed then. `afterwards` it runs undisturbed too. */
async function dieAtEach(
  program: Program,
  plan: CrashPlan,
  points: readonly CrashPoint[],
  { times, random, failing }: Readonly<{ times: number; random: Random; failing: AbortController }>,
  afterwards: (point: CrashPoint) => Promise<void>,
): Promise<number> {
  let deaths = 0;
  const startAfresh = async (): Promise<void> => {
    await program.end('SIGKILL');
    program.start();
  };
  for (let round = 0; round < times; round += 1) {
    for (const point of random.shuffled(points)) {
      plan.point = point;
      plan.passes = random.below(6);
      await startAfresh();
      const hasEnded = (): boolean => !program.isRunning() || failing.signal.aborted;
      if (!(await eventually(hasEnded, pointLimitMs))) {
        failing.abort();
        throw new Error(`${program.name} never came to ${point}`);
      }
      // Nobody starts again what the other's failure is about to end.
      failing.signal.throwIfAborted();
      deaths += 1;
      delete plan.point;
      if (point !== 'collector-after-commit') continue;
      await startAfresh();
      await afterwards(point);
    }
  }
  await startAfresh();
  return deaths;
}

function pointsOf(name: string): readonly CrashPoint[] {
  if (name === 'all') return crashPoints;
  const [point] = crashPoints.filter((known) => known === name);
  if (point === undefined) throw new Error(`--crash-at is all or one of ${crashPoints.join(', ')}`);
  return [point];
}
