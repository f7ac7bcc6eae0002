/**
 * Poison: one edge sends messages that nobody can use, among others that are right; another has rows in its outbox that
 * cannot be sent. What is wrong is set aside with its reason, what comes behind it arrives, and a third edge notices nothing.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { eventually } from '../harness/program.ts';
import { signInOnce } from '../harness/signed-in.ts';
import { startTimedEdge } from '../load/timed-edge.ts';
import { startPoisonEdge } from './poison-edge.ts';
import { edgeFolder, type Ring } from './ring.ts';
import { broken, brokenPromises, pause, type Scenario, whileEventsFlow } from './scenario.ts';
import { collectorFile, readAll } from './verdict.ts';

const mostP95Ms = 1000;
const drainLimitSeconds = 15;
/** For what has been sent and is not there yet, on a machine that has much else to do. */
const patienceMs = 30_000;

export const poison: Scenario = async ({ folder, broker, eventsPerSecond, seconds }) => {
  const settings = { folder, broker, eventsPerSecond, edges: 3 };
  const drained = await whileEventsFlow(settings, async (ring) => {
    const console = await signInOnce(ring.facts);
    const spoiled = await spoilOutbox(ring, folder);
    const good = { url: ring.brokerUrl, edgeId: 'edge-2', perSecond: 20 };
    const timed = await startTimedEdge(good, console);
    const bad = await startPoisonEdge(ring.brokerUrl, 'edge-3');
    await pause(seconds * 1000);
    // What was on its way while the broker had let go of the collector is gone; there is more of it.
    await eventually(() => reasonsIn(folder).length >= bad.kinds, patienceMs);
    const poisoned = await bad.stop();
    const times = await timed.stop();
    await eventually(() => droppedIn(folder) >= spoiled, patienceMs);
    const crashes = ring.edge.crashes() + ring.collector.crashes() + ring.broker.crashes();
    return { spoiled, ...poisoned, kinds: bad.kinds, times, crashes };
  });
  const { drainSeconds, verdict, result } = drained;
  const [reasons, dropped] = [reasonsIn(folder), droppedIn(folder)];
  const { spoiled, unacknowledged, times, crashes, kinds } = result;
  const lost = verdict.lost - spoiled;
  const honest = { ...drained, verdict: { ...verdict, ...ofEdge1(folder), lost } };
  const more = broken({
    [`${-lost} spoiled rows arrived all the same`]: lost < 0,
    [`${crashes} programs ended by themselves`]: crashes > 0,
    [`${dropped} of ${spoiled} spoiled rows were told`]: dropped !== spoiled,
    [`${unacknowledged} good events behind the poison were not taken`]: unacknowledged > 0,
    [`only ${reasons.length} reasons for ${kinds} kinds of poison`]: reasons.length < kinds,
    [`${times.sent - times.seen} events of another edge did not call`]: times.seen < times.sent,
    [`another edge waited ${times.p95Ms} ms`]: times.p95Ms > mostP95Ms,
  });
  const figures = { ...honest.verdict, drainSeconds, ...result, dropped, reasons };
  return { figures, broken: [...brokenPromises(honest, drainLimitSeconds), ...more] };
};

/** Why messages were set aside, and how many for each reason. */
function reasonsIn(folder: string): readonly Readonly<Record<string, unknown>>[] {
  return readAll(
    collectorFile(folder),
    'select reason, count(*) as count from quarantine group by reason order by reason',
  );
}

/** Events of its own that the spoiled box says it could not send. */
function droppedIn(folder: string): number {
  const [row] = readAll(
    collectorFile(folder),
    `select coalesce(sum(json_extract(body, '$.count')), 0) as count from event
     where edge_id = 'edge-1' and kind = 'events-dropped'`,
  );
  return Number(row?.['count']);
}

/** The others number their tracks for themselves. */
function ofEdge1(folder: string) {
  const [row] = readAll(
    collectorFile(folder),
    `select count(*) as events, count(distinct json_extract(body, '$.trackId')) as attempts from event
     where edge_id = 'edge-1' and kind = 'tripwire-crossed'`,
  );
  const duplicates = Number(row?.['events']) - Number(row?.['attempts']);
  return { stored: Number(row?.['attempts']), duplicates, unexpected: 0 };
}

/** Rows that wait are spoiled while the edge is away; resolves with how many. */
async function spoilOutbox({ edge, broker, log }: Ring, folder: string): Promise<number> {
  await eventually(() => log.link().connected, patienceMs);
  await broker.end('SIGKILL');
  // What was given to the outbox from then on has gone nowhere.
  await eventually(() => !log.link().connected, patienceMs);
  const before = log.next();
  await eventually(() => log.next() > before + 20, 30_000);
  await edge.end('SIGKILL');
  const database = new DatabaseSync(join(edgeFolder(folder), 'outbox.sqlite'));
  // The newest: of the oldest the centre may have some already. Of the very last one the edge may have died before it said
  // that it is kept.
  const waiting = database
    .prepare(
      'select sequence, event from outbox where acknowledged = 0 order by sequence desc limit 4 offset 1',
    )
    .all();
  const spoil = database.prepare('update outbox set event = ?, checksum = null where sequence = ?');
  const manners = [
    () => '{"kind":',
    (event: string) => event.replace(/"cameraId":"[^"]*"/, '"cameraId":"../\u0000😀"'),
    (event: string) => event.replace('test-model', 'x'.repeat(10_000_000)),
    () => 'null',
  ];
  for (const [at, row] of waiting.entries())
    spoil.run(manners[at]?.(String(row['event'])) ?? '', Number(row['sequence']));
  database.close();
  broker.start();
  edge.start();
  return waiting.length;
}
