/** A box whose every look hangs inside the runtime: it ends by itself, says why, and leaves no child, so that it is begun anew. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEdge } from '../../src/bench/edge-under-test.ts';
import { createEmbeddedBroker } from '../../src/demo/broker.ts';
import { createRtspServer } from '../../src/demo/rtsp-server.ts';
import { childrenOf, runningProcesses } from '../../src/testing/processes.ts';
import { eventually } from '../harness/program.ts';
import { writeSlowModel } from './slow-model.ts';

export type StuckFigures = Readonly<{
  /** From its first child on until it had ended; three looks of twenty seconds each are waited for. */
  seconds: number;
  said: string;
  childrenLeft: number;
}>;

const clip = 'test-fixtures/clips/town-square.mp4';
const edgeId = 'stuck';
const patienceMs = 240_000;
/** Several minutes of one core. */
const products = 20_000;

export async function stuckBox(): Promise<StuckFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'haoguanjia-stuck-'));
  const password = randomBytes(18).toString('hex');
  const broker = createEmbeddedBroker({ port: 0, accounts: { [edgeId]: password } });
  const server = createRtspServer({ cameras: [{ path: 'gate', file: clip }] });
  const source = (await server.start()).url('gate');
  const edge = await startEdge({
    edgeId,
    password,
    brokerUrl: `mqtt://127.0.0.1:${await broker.start()}`,
    cameras: [{ cameraId: 'gate', source }],
    rules: { schemaVersion: 1 },
    analysisFps: 5,
    detector: { manifest: writeSlowModel(folder, products), threads: 1, looks: 'every' },
  });
  const children = new Set<number>();
  let beganMs = performance.now();
  await eventually(() => {
    for (const { pid } of childrenOf(edge.pid)) children.add(pid);
    if (children.size === 0) beganMs = performance.now();
    return edge.ended() !== undefined;
  }, patienceMs);
  const endedMs = performance.now();
  const left = () => runningProcesses().filter(({ pid }) => children.has(pid)).length;
  await eventually(() => left() === 0, 3000);
  const figures = {
    seconds: Math.round((endedMs - beganMs) / 1000),
    said: edge.ended() ?? 'it runs',
    childrenLeft: left(),
  };
  await edge.stop();
  await server.stop();
  await broker.stop();
  rmSync(folder, { recursive: true, force: true });
  return figures;
}

export function stuckFaults(figures: StuckFigures): readonly string[] {
  const wrong: readonly (readonly [boolean, string])[] = [
    [!(figures.seconds < 120), 'a box whose looks hang did not end within two minutes'],
    [!/ends by force/.test(figures.said), `it did not say why it ended, but: ${figures.said}`],
    [figures.childrenLeft > 0, `${figures.childrenLeft} children outlived it`],
  ];
  return wrong.flatMap(([is, sentence]) => (is ? [sentence] : []));
}
