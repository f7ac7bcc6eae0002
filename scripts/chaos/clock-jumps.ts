/**
 * Clocks that jump, of the collector, then of the edge, while events flow: a day forward, an hour back, an hour forward, and
 * each time right again; then an edge that starts in 1970 and is set right. Nobody restarts, loses or deletes anything, every
 * live event still calls, and says where its time is in doubt.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../harness/program.ts';
import { type Console, signInOnce } from '../harness/signed-in.ts';
import type { Hooks, Ring } from './ring.ts';
import { broken, brokenPromises, pause, type Scenario, whileEventsFlow } from './scenario.ts';
import { collectorFile, readAll } from './verdict.ts';

const hourMs = 3_600_000;
const jumps = [24 * hourMs, -hourMs, hourMs];

export const clockJumps: Scenario = async ({ folder, broker, eventsPerSecond, seconds }) => {
  const edgeClock = createSkew(join(folder, 'edge-skew'));
  const collectorClock = createSkew(join(folder, 'collector-skew'));
  const settings = {
    ...{ folder, broker, eventsPerSecond },
    edge: edgeClock.hooks,
    collector: collectorClock.hooks,
  };
  const drained = await whileEventsFlow(settings, async (ring) => {
    const console = await signInOnce(ring.facts);
    const refusedBefore = await isRefused(console);
    // An edge whose clock was set says so for a quarter of an hour, and that is more than the centre can see.
    await jump(collectorClock, jumps, seconds);
    const back = await collectorBack(console, collectorClock);
    await jump(edgeClock, jumps, seconds);
    const restarts = ring.edge.crashes() + ring.collector.crashes();
    await bootIn1970(ring, edgeClock, seconds);
    return { restarts, ...back, refusedBefore };
  });
  const { drainSeconds, verdict, result } = drained;
  const facts = factsOf(folder);
  const { lateAlarms, deleted, holes, unmarked, ...marks } = facts;
  const { restarts, refusedWhileBack, refusedBefore, refusedAfter } = result;
  const more = broken({
    [`${restarts} restarts`]: restarts > 0,
    [`${lateAlarms} live events were filed as late`]: lateAlarms > 0,
    [`${deleted} items were deleted`]: deleted > 0,
    [`${holes} numbers are missing or there twice`]: holes > 0,
    [`${unmarked} events with a wrong time do not say so`]: unmarked > 0,
    'a session that was made in the future is let in': !refusedWhileBack,
    'a session was refused by a clock that was right': refusedBefore || refusedAfter,
    'no event says that its clock jumped': marks.jumped === 0,
    'no event says that the clocks differ': marks.differs === 0,
    'no event says that 1970 cannot be': marks.implausible === 0,
  });
  const figures = { faults: 4 * jumps.length + 4, ...verdict, drainSeconds, ...result, ...facts };
  return { figures, broken: [...brokenPromises(drained), ...more] };
};

type Skew = Readonly<{ hooks: Hooks; set: (ms: number) => void }>;

function createSkew(file: string): Skew {
  const set = (ms: number): void => writeFileSync(file, String(ms));
  set(0);
  return {
    set,
    hooks: {
      nodeOptions: () => ['--import', './scripts/chaos/skewed-date.ts'],
      environment: () => ({ SKEW_FILE: file }),
    },
  };
}

async function jump(clock: Skew, by: readonly number[], seconds: number): Promise<void> {
  for (const ms of by) {
    for (const skewMs of [ms, 0]) {
      clock.set(skewMs);
      await pause(seconds * 1000);
    }
  }
}

/** A session is made now; two hours earlier nobody can have it. */
async function collectorBack(console: Console, clock: Skew) {
  clock.set(-2 * hourMs);
  const refusedWhileBack = await eventually(() => isRefused(console), 5000);
  clock.set(0);
  const refusedAfter = !(await eventually(async () => !(await isRefused(console)), 5000));
  return { refusedWhileBack, refusedAfter };
}

async function isRefused({ address, headers }: Console): Promise<boolean> {
  return (await fetch(`${address}/api/edges`, { headers })).status === 401;
}

async function bootIn1970({ edge, log }: Ring, clock: Skew, seconds: number): Promise<void> {
  await edge.end('SIGKILL');
  clock.set(10_000 - Date.now());
  edge.start();
  const before = log.next();
  await eventually(() => log.next() > before + 10, 30_000);
  await pause(seconds * 1000);
  clock.set(0);
  await pause(seconds * 1000);
}

/** An event whose time is more than this from when it came, and says nothing of it, is wrong in silence. */
const doubtfulMs = 20_000;

function factsOf(folder: string) {
  const file = collectorFile(folder);
  const count = (sql: string): number => Number(readAll(file, sql)[0]?.['count']);
  const marked = (why: string): number =>
    count(
      `select count(*) as count from event where json_extract(body, '$.clockSuspect.why') = '${why}'`,
    );
  return {
    jumped: marked('jumped'),
    differs: marked('differs'),
    implausible: marked('implausible'),
    unmarked: count(
      `select count(*) as count from event where json_extract(body, '$.clockSuspect.why') is null
       and abs(received_at_ms - captured_at_ms) > ${doubtfulMs}`,
    ),
    lateAlarms: count(
      `select count(*) as count from alarm where json_extract(body, '$.late')
       and json_extract(body, '$.event.historical') = 0`,
    ),
    deleted: count('select count(*) as count from deleted_item'),
    holes: count(
      'select max(sequence) - min(sequence) + 1 - count(distinct sequence) + count(*) - count(distinct sequence) as count from event',
    ),
  };
}
