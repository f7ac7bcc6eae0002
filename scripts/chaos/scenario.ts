/** What every fault test is given and what it answers: figures, and in one sentence each what did not hold. */
import type { BrokerKind } from '../harness/centre.ts';
import type { Random } from '../harness/random.ts';
import { createRing, type Ring, type RingSettings } from './ring.ts';
import { judge, type Verdict } from './verdict.ts';

export type Run = Readonly<{
  folder: string;
  broker: BrokerKind;
  /** How long the fault lasts, or the faults go on. */
  seconds: number;
  eventsPerSecond: number;
  random: Random;
  control: boolean;
  /** How often each crash point is died at. */
  times: number;
  crashAt: string;
  /** How many events wait when a version changes. */
  backlog: number;
  /** Of the edge's connection, in seconds. */
  keepalive: number;
}>;

type Outcome = Readonly<{
  figures: Readonly<Record<string, unknown>>;
  broken: readonly string[];
}>;

export type Scenario = (run: Run) => Promise<Outcome>;

export type Drained<Result> = Readonly<{
  result: Result;
  drainSeconds: number;
  /** Events that the edge had safe, by the time in which they were to be produced. */
  perSecond: number;
  /** Events that were given to the outbox, safe or not. */
  tried: number;
  verdict: Verdict;
}>;

/** Starts the three programs, does the work while events flow, drains, ends them and compares. Nothing is left running. */
export async function whileEventsFlow<Result>(
  settings: RingSettings,
  work: (ring: Ring) => Promise<Result>,
): Promise<Drained<Result>> {
  const ring = await createRing(settings);
  try {
    await ring.start();
    const result = await work(ring);
    const drainSeconds = Math.round((await ring.drain()) * 100) / 100;
    await ring.end('SIGTERM');
    const verdict = judge(settings.folder, ring.log);
    const perSecond = Math.round((10 * verdict.accepted) / ring.producedSeconds()) / 10;
    return { result, drainSeconds, perSecond, tried: ring.log.tried.size, verdict };
  } finally {
    await ring.end('SIGKILL');
  }
}

/** What may never happen, whatever the fault was. */
export function brokenPromises(
  { drainSeconds, verdict }: Drained<unknown>,
  drainLimitSeconds = 5,
): readonly string[] {
  const { lost, unexpected, duplicates, doubleAlarms, doubleAnnouncements, integrity } = verdict;
  return broken({
    [`${lost} events were lost`]: lost > 0,
    [`${unexpected} events came from nowhere`]: unexpected > 0,
    [`${duplicates} rows are there twice`]: duplicates > 0,
    [`${doubleAlarms} events raised more than one alarm`]: doubleAlarms > 0,
    [`${doubleAnnouncements} alarms were spoken more than once`]: doubleAnnouncements > 0,
    [`a database is damaged: ${integrity}`]: integrity !== 'ok',
    [`draining took ${drainSeconds} s`]: drainSeconds > drainLimitSeconds,
  });
}

/** The sentences that hold. */
export function broken(findings: Readonly<Record<string, boolean>>): readonly string[] {
  return Object.entries(findings).flatMap(([sentence, holds]) => (holds ? [sentence] : []));
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
