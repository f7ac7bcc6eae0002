/**
 * Hostile MQTT packets against the embedded broker and the intake, hostile requests against every route:
 *   npm run --silent fuzz -- --packets 50000 --requests 10000 [--seed N]
 * The last line is JSON. Exit 0: nothing crashed, no answer of 500 or more, none later than a second, nothing stored that the
 * contract forbids, and an honest edge is still heard.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePort } from '../../src/testing/mosquitto.ts';
import { brokerProgram, collectorProgram } from '../harness/centre.ts';
import { eventually } from '../harness/program.ts';
import { createRandom } from '../harness/random.ts';
import { signIn } from '../harness/signed-in.ts';
import { createSimulatedEdge } from '../load/simulated-edge.ts';
import { forbiddenRows } from './forbidden.ts';
import { sendHostilePackets } from './hostile-packets.ts';
import { sendHostileRequests } from './hostile-requests.ts';

const { values } = parseArgs({
  options: {
    packets: { type: 'string', default: '50000' },
    requests: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});

const slowestAllowedMs = 1000;

async function run(folder: string) {
  const random = createRandom(Number(values.seed));
  const place = { folder, port: await freePort() };
  const facts: Record<string, string> = {};
  const broker = brokerProgram('embedded', place, 2);
  const collector = collectorProgram(place, {
    onLine: (line) => {
      const [, name, value] = /^(console|set-up token)\s+(\S+)/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) facts[name] = value;
    },
  });
  try {
    broker.start();
    collector.start();
    if (!(await eventually(() => facts['set-up token'] !== undefined, 60_000)))
      throw new Error('the collector did not start within a minute');
    const console = await signIn(facts['console'] ?? '', facts['set-up token'] ?? '');
    const packets = await sendHostilePackets(place.port, Number(values.packets), random);
    const http = await sendHostileRequests(console, Number(values.requests), random);
    const isHeard = await honestEdgeIsHeard(`mqtt://127.0.0.1:${place.port}`);
    await collector.end('SIGTERM');
    await broker.end('SIGTERM');
    const forbidden = forbiddenRows(join(folder, 'data', 'collector.sqlite'));
    return { packets, http, crashes: broker.crashes() + collector.crashes(), forbidden, isHeard };
  } finally {
    await collector.end('SIGKILL');
    await broker.end('SIGKILL');
  }
}

/** An edge that does nothing wrong still gets its event acknowledged. */
async function honestEdgeIsHeard(url: string): Promise<boolean> {
  const edge = createSimulatedEdge({ url, edgeId: 'edge-1', cameras: 1 });
  try {
    if (!(await eventually(edge.connected, 15_000))) return false;
    edge.send(true);
    return await eventually(() => edge.acknowledged() === 1, 15_000);
  } finally {
    await edge.stop();
  }
}

const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
try {
  process.stdout.write(`seed ${values.seed}\n`);
  const { packets, http, crashes, forbidden, isHeard } = await run(folder);
  for (const fault of [...http.examples, ...forbidden.slice(0, 10)])
    process.stdout.write(`${fault}\n`);
  const result = {
    packets,
    requests: http.requests,
    routes: http.routes,
    untried: http.untried,
    slowestMs: Math.round(http.slowestMs),
    crashes,
    serverErrors: http.serverErrors,
    forbiddenStored: forbidden.length,
    honestEdgeHeard: isHeard,
    byStatus: http.byStatus,
    seed: Number(values.seed),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  const isWell = crashes === 0 && http.serverErrors === 0 && forbidden.length === 0 && isHeard;
  process.exitCode = isWell && http.slowestMs <= slowestAllowedMs ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
