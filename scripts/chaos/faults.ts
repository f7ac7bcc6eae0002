/**
 * Faults at random moments: every 0.4 to 2.2 seconds one of the programs is killed and started again after at most 0.6
 * seconds (three times out of four), or halted for 1 to 4.5 seconds. In each round every program has its turn.
 */
import type { Program } from '../harness/program.ts';
import type { Random } from '../harness/random.ts';
import { broken, brokenPromises, pause, type Scenario, whileEventsFlow } from './scenario.ts';

/** Below this share of the rate that was asked for, the run has not tested what it says. */
const leastShareOfRate = 0.95;

/** With `control` the edge believes the broker, and the run is good when it has found losses. */
export const randomFaults: Scenario = async (run) => {
  const { folder, broker, eventsPerSecond, control, seconds, random } = run;
  const settings = { folder, broker, eventsPerSecond, control };
  const drained = await whileEventsFlow(settings, ({ edge, broker, collector }) =>
    injectFaults([edge, broker, collector], random, seconds),
  );
  const { result: faults, drainSeconds, perSecond, verdict } = drained;
  const figures = {
    faults: faults.kills + faults.halts,
    ...{ ...verdict, drainSeconds, perSecond, ...faults },
  };
  if (control) return { figures, broken: broken({ 'no loss was found': verdict.lost === 0 }) };
  const tooSlow = perSecond < eventsPerSecond * leastShareOfRate;
  const slow = broken({ [`only ${perSecond} events a second were produced`]: tooSlow });
  return { figures, broken: [...brokenPromises(drained), ...slow] };
};

type FaultCounts = Readonly<{ kills: number; halts: number }>;

/** Resolves after the time, with every program running. */
async function injectFaults(
  programs: readonly Program[],
  random: Random,
  seconds: number,
): Promise<FaultCounts> {
  const until = performance.now() + seconds * 1000;
  const faulty = new Map<string, Promise<void>>();
  let turns: readonly Program[] = [];
  let kills = 0;
  let halts = 0;

  const pick = (): Program | undefined => {
    if (turns.length === 0) turns = random.shuffled(programs);
    const next = turns.find(({ name }) => !faulty.has(name));
    turns = turns.filter((program) => program !== next);
    return next;
  };

  for (;;) {
    await pause(random.between(400, 2200));
    if (performance.now() >= until) break;
    const program = pick();
    if (program === undefined) continue;
    const isKill = random.next() < 0.75;
    if (isKill) kills += 1;
    else halts += 1;
    const fault = isKill
      ? killed(program, random.between(0, 600))
      : halted(program, random.between(1000, 4500));
    faulty.set(
      program.name,
      fault.finally(() => faulty.delete(program.name)),
    );
  }
  await Promise.all(faulty.values());
  return { kills, halts };
}

async function killed(program: Program, awayMs: number): Promise<void> {
  await program.end('SIGKILL');
  await pause(awayMs);
  program.start();
}

async function halted(program: Program, ms: number): Promise<void> {
  program.halt();
  await pause(ms);
  program.goOn();
}
