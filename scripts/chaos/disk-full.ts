/**
 * A disk that others have filled. Of the centre: it acknowledges nothing that it did not store, says so, goes on reading,
 * and afterwards all comes. Of the box, with the broker away for the first half: it lives on, says so, keeps alarms as long as
 * its ballast lasts, and what it had to let go is counted to the last one.
 */
import { join } from 'node:path';
import { eventually } from '../harness/program.ts';
import { type Console, signInOnce } from '../harness/signed-in.ts';
import { mountSmallDisk, type SmallDisk } from '../harness/small-disk.ts';
import { edgeFolder, type Ring } from './ring.ts';
import { broken, brokenPromises, pause, type Scenario, whileEventsFlow } from './scenario.ts';
import { collectorFile, readAll } from './verdict.ts';

/** Room for what comes before and after. */
const centreMegabytes = 256;
const boxMegabytes = 64;
/** A minute's events wait at the end. */
const drainLimitSeconds = 15;
const skipped = {
  figures: { skipped: 'a small disk takes root: it is mounted' },
  broken: [],
} as const;

export const centreDiskFull: Scenario = async ({ folder, broker, eventsPerSecond, seconds }) => {
  const disk = mountSmallDisk(join(folder, 'data'), centreMegabytes);
  if (disk === undefined) return skipped;
  try {
    const settings = { folder, broker, eventsPerSecond };
    const drained = await whileEventsFlow(settings, async (ring) => {
      const console = await signInOnce(ring.facts);
      await pause(2000);
      disk.fill();
      const keptBefore = ring.log.kept.size;
      const whileFull = await watchCentre(ring, console, seconds);
      const keptMeanwhile = ring.log.kept.size - keptBefore;
      disk.free();
      const from = performance.now();
      await eventually(() => ring.log.backlog() < eventsPerSecond, 60_000);
      const caughtUpSeconds = Math.round((performance.now() - from) / 100) / 10;
      const crashes = ring.collector.crashes();
      return { ...whileFull, keptMeanwhile, caughtUpSeconds, crashes };
    });
    const { result, verdict, drainSeconds } = drained;
    const { waited, refusedWrites, reads, saidFull, crashes } = result;
    // The store still has a little room when the disk has none.
    const least = Math.floor(result.keptMeanwhile * 0.5);
    const more = broken({
      [`only ${waited} events waited: the disk was not full`]: waited < least,
      'health did not say that the store is full': !saidFull,
      'no write was refused with 507 or 503': refusedWrites === 0,
      [`${reads.failed} of ${reads.asked} reads failed`]: reads.failed > 0,
      [`the collector ended ${crashes} times`]: crashes > 0,
    });
    const figures = { faults: 1, ...verdict, drainSeconds, seconds, ...result };
    return { figures, broken: [...brokenPromises(drained, drainLimitSeconds), ...more] };
  } finally {
    disk.remove();
  }
};

async function watchCentre({ log }: Ring, { address, headers }: Console, seconds: number) {
  const until = performance.now() + seconds * 1000;
  const reads = { asked: 0, failed: 0 };
  let [refusedWrites, takenWrites] = [0, 0];
  let saidFull = false;
  const json = { ...headers, 'content-type': 'application/json' };
  while (performance.now() < until) {
    const health = (await (await fetch(`${address}/health`)).json()) as { store?: string };
    saidFull ||= health.store === 'full';
    reads.asked += 1;
    if (!(await fetch(`${address}/api/alarms?limit=10`, { headers })).ok) reads.failed += 1;
    const written = await fetch(`${address}/api/users`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({
        username: `someone-${reads.asked}`,
        role: 'operator',
        scope: { kind: 'all' },
      }),
    });
    if ([503, 507].includes(written.status)) refusedWrites += 1;
    else takenWrites += 1;
    await pause(1000);
  }
  return { waited: log.backlog(), reads, refusedWrites, takenWrites, saidFull };
}

export const boxDiskFull: Scenario = async ({ folder, broker, eventsPerSecond, seconds }) => {
  const disk = mountSmallDisk(edgeFolder(folder), boxMegabytes);
  if (disk === undefined) return skipped;
  try {
    const settings = {
      ...{ folder, broker, eventsPerSecond },
      edge: { options: () => ['--clips', '--spare'] },
    };
    const drained = await whileEventsFlow(settings, async (ring) => {
      const console = await signInOnce(ring.facts);
      await pause(2000);
      const told = await fullBox(ring, console, disk, seconds);
      return { ...told, crashes: ring.edge.crashes() };
    });
    const { result, verdict, drainSeconds } = drained;
    const counted = droppedIn(folder);
    const produced = drained.tried;
    const unexplained = produced - verdict.stored - counted.alarm;
    const lost = Math.max(0, verdict.lost - counted.alarm);
    const more = broken({
      [`the box ended ${result.crashes} times`]: result.crashes > 0,
      'the centre was not told that the disk of the box is full': !result.told,
      [`${unexplained} of ${produced} events are unexplained`]: unexplained !== 0,
    });
    const figures = {
      ...{ faults: 1, ...verdict, lost, drainSeconds, seconds, produced, counted },
      ...{ unexplained, ...result },
    };
    const honest = { ...drained, verdict: { ...verdict, lost } };
    return { figures, broken: [...brokenPromises(honest, drainLimitSeconds), ...more] };
  } finally {
    disk.remove();
  }
};

async function fullBox(ring: Ring, console: Console, disk: SmallDisk, seconds: number) {
  await ring.broker.end('SIGKILL');
  disk.fill();
  await pause(seconds * 500);
  const waited = ring.log.backlog();
  ring.broker.start();
  const from = performance.now();
  const told = await eventually(() => isToldFull(console), 30_000);
  const toldAfterSeconds = Math.round((performance.now() - from) / 100) / 10;
  await pause(Math.max(0, seconds * 500 - (performance.now() - from)));
  disk.free();
  return { waited, told, toldAfterSeconds };
}

async function isToldFull({ address, headers }: Console): Promise<boolean> {
  const answer = await fetch(`${address}/api/edges`, { headers });
  const edges = (await answer.json()) as readonly Readonly<{ storageFault?: string }>[];
  return edges.some(({ storageFault }) => storageFault !== undefined);
}

/** What the box said that it let go, by class. */
function droppedIn(folder: string): Readonly<Record<string, number> & { alarm: number }> {
  const rows = readAll(
    collectorFile(folder),
    `select json_extract(body, '$.dropClass') as class, sum(json_extract(body, '$.count')) as count
     from event where kind = 'events-dropped' group by 1`,
  );
  const counts = rows.map((row) => [String(row['class']), Number(row['count'])] as const);
  return { alarm: 0, ...Object.fromEntries(counts) };
}
