/**
 * Faults between edge, broker and collector, as three processes, while events flow; nothing may be lost:
 *   npm run --silent chaos -- --seconds 120 [--broker embedded|mosquitto|mosquitto-memory] [--per-second 100] [--seed N] [--control]
 * kills and halts them at random. With --control the edge believes the broker, and exit 0 means that losses were found.
 *   ... --crash-at all [--times 20]  edge and collector die around each commit (or one of the points), so often at each
 *   ... --fault damage [--times 100] files of edge and collector are damaged in so many ways, each
 *   ... --fault NAME --seconds S     one of the faults below; S is how long it lasts, each has its own default
 * The last line is JSON. Exit 0: everything held that the fault may not break; else `broken` says in sentences what did not.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { brokerKindOf } from '../harness/centre.ts';
import { createRandom } from '../harness/random.ts';
import { clockJumps } from './clock-jumps.ts';
import { crashing } from './crash-points.ts';
import { damage } from './damage.ts';
import { boxDiskFull, centreDiskFull } from './disk-full.ts';
import { randomFaults } from './faults.ts';
import { frozenClients } from './frozen-clients.ts';
import { lateBroker } from './late-broker.ts';
import { lateBrokerBox } from './late-broker-box.ts';
import { oneWay } from './one-way.ts';
import { partition } from './partition.ts';
import { poison } from './poison.ts';
import type { Scenario } from './scenario.ts';
import { versions } from './versions.ts';

/** With how long each lasts when nothing else is asked for. */
type Fault = Readonly<{ scenario: Scenario; seconds: number; times?: number }>;
const faults: Readonly<Record<string, Fault>> = {
  random: { scenario: randomFaults, seconds: 120 },
  'late-broker': { scenario: lateBrokerBox, seconds: 60 },
  'late-broker-flood': { scenario: lateBroker, seconds: 60 },
  'one-way': { scenario: oneWay, seconds: 60 },
  clock: { scenario: clockJumps, seconds: 5 },
  poison: { scenario: poison, seconds: 30 },
  'box-disk': { scenario: boxDiskFull, seconds: 60 },
  'centre-disk': { scenario: centreDiskFull, seconds: 60 },
  frozen: { scenario: frozenClients, seconds: 60 },
  partition: { scenario: partition, seconds: 0 },
  versions: { scenario: versions, seconds: 0 },
  crash: { scenario: crashing, seconds: 0 },
  damage: { scenario: damage, seconds: 0, times: 100 },
};

const { values } = parseArgs({
  options: {
    fault: { type: 'string' },
    seconds: { type: 'string' },
    broker: { type: 'string', default: 'embedded' },
    'per-second': { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    control: { type: 'boolean', default: false },
    'crash-at': { type: 'string' },
    times: { type: 'string' },
    keepalive: { type: 'string', default: '10' },
    backlog: { type: 'string', default: '5000' },
  },
});

async function run(folder: string): Promise<boolean> {
  const { control, seed } = values;
  const name = values.fault ?? (values['crash-at'] === undefined ? 'random' : 'crash');
  const fault = Object.hasOwn(faults, name) ? faults[name] : undefined;
  if (fault === undefined)
    throw new Error(`--fault is one of ${Object.keys(faults).join(', ')}; it is ${name}`);
  const broker = brokerKindOf(values.broker);
  if (control)
    process.stdout.write('negative control: the edge believes the broker; losses are expected\n');
  const { figures, broken } = await fault.scenario({
    ...{ folder, broker, control },
    seconds: Number(values.seconds ?? fault.seconds),
    eventsPerSecond: Number(values['per-second']),
    random: createRandom(Number(seed)),
    times: Number(values.times ?? fault.times ?? 20),
    keepalive: Number(values.keepalive),
    backlog: Number(values.backlog),
    crashAt: values['crash-at'] ?? 'all',
  });
  const passed = broken.length === 0;
  const settings = { fault: name, broker, control, seed: Number(seed) };
  process.stdout.write(`${JSON.stringify({ ...figures, ...settings, passed, broken })}\n`);
  return passed;
}

const folder = mkdtempSync(join(tmpdir(), 'chaos-'));
try {
  process.stdout.write(`seed ${values.seed}\n`);
  process.exitCode = (await run(folder)) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
