/**
 * Simulated edges over a real broker into the real collector, timed to the feed of a console:
 *   npm run --silent load -- --edges 200 --seconds 300 [--cameras 6] [--per-minute 20] [--broker embedded|mosquitto|mosquitto-memory]
 *   ... --window 50     as fast as the centre acknowledges, for the highest rate that is durable
 *   ... --backlog 20000 first drains the outbox of one real edge that was cut off, with live alarms meanwhile
 *   ... --curve         10 to 1,000 edges one after the other; draws config/scaling.svg, writes the table of config/scaling.md
 *   ... --soak          100 events a second and a sign-in each second for ten minutes; exit 1 when anything grows
 * `--cameras` is of each edge, `--per-minute` the events of each camera. The last line is JSON.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BrokerKind, brokerKindOf } from '../harness/centre.ts';
import type { Sample } from '../soak/growth.ts';
import { startCentre } from './centre-under-load.ts';
import { costChart } from './cost-chart.ts';
import { withCostTable } from './cost-table.ts';
import { drainBacklog } from './drain-backlog.ts';
import { driveEdges } from './drive-edges.ts';
import type { LoadFigures } from './measures.ts';
import { soakCentre } from './soak-centre.ts';

const { values } = parseArgs({
  options: {
    edges: { type: 'string', default: '200' },
    seconds: { type: 'string' },
    cameras: { type: 'string', default: '6' },
    'per-minute': { type: 'string', default: '20' },
    broker: { type: 'string', default: 'embedded' },
    window: { type: 'string' },
    backlog: { type: 'string' },
    soak: { type: 'boolean', default: false },
    curve: { type: 'boolean', default: false },
  },
});
const curveEdges = [10, 30, 100, 300, 1000];

async function measure(broker: BrokerKind, edges: number) {
  const folder = mkdtempSync(join(tmpdir(), 'load-'));
  try {
    const centre = await startCentre({ folder, broker, edges });
    try {
      const { backlog, window } = values;
      const drained =
        backlog === undefined ? {} : await drainBacklog(centre, folder, Number(backlog));
      const figures = await driveEdges(centre, {
        edges,
        seconds: Number(values.seconds ?? 60),
        camerasPerEdge: Number(values.cameras),
        eventsPerCameraMinute: Number(values['per-minute']),
        ...(window === undefined ? {} : { window: Number(window) }),
      });
      return { ...figures, ...drained };
    } finally {
      await centre.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function soak(broker: BrokerKind) {
  const folder = mkdtempSync(join(tmpdir(), 'load-soak-'));
  try {
    const heap: Sample[] = [];
    const edges = 10;
    const centre = await startCentre({ folder, broker, edges, heap });
    const seconds = Number(values.seconds ?? 600);
    const drive = { edges, seconds, camerasPerEdge: 6, eventsPerCameraMinute: 100 };
    return await soakCentre(centre, drive, { folder, heap }).finally(centre.stop);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const broker = brokerKindOf(values.broker);
  if (values.soak) {
    const { passed, ...figures } = await soak(broker);
    process.stdout.write(`${JSON.stringify({ ...figures, broker, passed })}\n`);
    process.exitCode = passed ? 0 : 1;
    return;
  }
  if (!values.curve) {
    const figures = await measure(broker, Number(values.edges));
    process.stdout.write(`${JSON.stringify({ ...figures, broker })}\n`);
    return;
  }
  const points: LoadFigures[] = [];
  for (const edges of curveEdges) {
    const figures = await measure(broker, edges);
    process.stdout.write(`${JSON.stringify(figures)}\n`);
    points.push(figures);
  }
  writeFileSync('config/scaling.svg', costChart(points));
  const run = {
    broker,
    seconds: Number(values.seconds ?? 60),
    perMinute: Number(values['per-minute']),
  };
  const page = readFileSync('config/scaling.md', 'utf8');
  writeFileSync('config/scaling.md', withCostTable(page, points, run));
  process.stdout.write(`${JSON.stringify({ ...points.at(-1), broker, points })}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
