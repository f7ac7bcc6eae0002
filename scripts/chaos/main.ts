/**
 * Edge, broker and collector as three processes, killed and halted at random while events flow; nothing may be lost:
 *   npm run --silent chaos -- --seconds 120 [--broker embedded|mosquitto] [--per-second 100] [--seed N] [--control]
 * The last line is JSON. Exit 0: nothing lost, invented or doubled, both databases whole, drained within 5 s.
 * With --crash-at all (or one of the points) edge and collector die by SIGKILL around their commits, --times N at each.
 * With --control the edge believes the broker's acknowledgement; then exit 0 means that losses were found.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BrokerKind } from '../harness/centre.ts';
import { createRandom } from '../harness/random.ts';
import { type CrashPoint, collectorPoints, dieAtEach, edgePoints } from './crash-points.ts';
import { type FaultCounts, injectFaults } from './faults.ts';
import { createRing, type Ring } from './ring.ts';
import { judge } from './verdict.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    broker: { type: 'string', default: 'embedded' },
    'per-second': { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    control: { type: 'boolean', default: false },
    'crash-at': { type: 'string' },
    times: { type: 'string', default: '20' },
  },
});
const drainLimitSeconds = 5;

async function run(folder: string, broker: BrokerKind) {
  const { control, seconds, times } = values;
  const points = pointsOf(values['crash-at']);
  const random = createRandom(Number(values.seed));
  const eventsPerSecond = values['per-second'];
  const ring = await createRing({ folder, broker, eventsPerSecond, control });
  try {
    await ring.start();
    const { edge, broker, collector } = ring;
    const faults =
      points.length > 0
        ? await crashAt(ring, points, { times: Number(times), random })
        : await injectFaults([edge, broker, collector], random, Number(seconds));
    const drainSeconds = await ring.drain();
    await ring.end('SIGTERM');
    return { faults, drainSeconds, verdict: judge(folder, ring.log) };
  } finally {
    await ring.end('SIGKILL');
  }
}

/** Edge and collector die at the same time, each at its own points. */
async function crashAt(
  { edge, collector, edgePlan, collectorPlan }: Ring,
  points: readonly CrashPoint[],
  often: Parameters<typeof dieAtEach>[3],
): Promise<FaultCounts> {
  const isOneOf = (list: readonly CrashPoint[]) => points.filter((point) => list.includes(point));
  const kills = await Promise.all([
    dieAtEach(edge, edgePlan, isOneOf(edgePoints), often),
    dieAtEach(collector, collectorPlan, isOneOf(collectorPoints), often),
  ]);
  return { kills: kills[0] + kills[1], halts: 0 };
}

function pointsOf(name: string | undefined): readonly CrashPoint[] {
  const all = [...edgePoints, ...collectorPoints];
  if (name === undefined || name === 'all') return name === undefined ? [] : all;
  const [point] = all.filter((known) => known === name);
  if (point === undefined) throw new Error(`--crash-at is all or one of ${all.join(', ')}`);
  return [point];
}

const folder = mkdtempSync(join(tmpdir(), 'chaos-'));
try {
  process.stdout.write(`seed ${values.seed}\n`);
  if (values.broker !== 'embedded' && values.broker !== 'mosquitto')
    throw new Error('--broker is embedded or mosquitto');
  const { faults, drainSeconds, verdict } = await run(folder, values.broker);
  const { lost, unexpected, duplicates, integrity } = verdict;
  const isClean = lost === 0 && unexpected === 0 && duplicates === 0 && integrity === 'ok';
  const passed = values.control ? lost > 0 : isClean && drainSeconds <= drainLimitSeconds;
  if (values.control)
    process.stdout.write(
      'negative control: the edge believes the broker, so losses are expected\n',
    );
  const result = {
    faults: faults.kills + faults.halts,
    ...verdict,
    drainSeconds: Math.round(drainSeconds * 100) / 100,
    ...faults,
    broker: values.broker,
    control: values.control,
    seed: Number(values.seed),
    passed,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = passed ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
