/** A real edge box in a process of its own, with its configuration in a temporary folder; asked over its status page. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { CameraRules } from '../contract/rule.ts';

export type EdgeUnderTest = Readonly<{
  pid: number;
  /** As it is seen from here, even when it lies on a disk of its own. */
  dataFolder: string;
  /** Prometheus' figures: name with labels -> value. Rejects while the page is not open yet. */
  figures: () => Promise<ReadonlyMap<string, number>>;
  /** The box has ended by itself: what it said last. */
  ended: () => string | undefined;
  /** What a module of `nodeOptions` answers to a message of its parent. */
  ask: (message: string) => Promise<unknown>;
  stop: () => Promise<void>;
}>;

export type EdgeSettings = Readonly<{
  edgeId: string;
  brokerUrl: string;
  password: string;
  cameras: readonly Readonly<{
    cameraId: string;
    source: string;
    privacyMasks?: readonly (readonly (readonly [number, number])[])[];
    clips?: Readonly<Record<string, number>>;
  }>[];
  /** Where live pictures go; nowhere unless told. */
  collectorUrl?: string;
  rules: CameraRules;
  analysisFps: number;
  detector: Readonly<{ manifest: string; threads: number; looks: string }>;
  /** Before the program: to load a module into the box that measures it from within. */
  nodeOptions?: readonly string[];
  /** Its data on a disk in memory of that size, as `64m`, in a mount namespace of its own, which only root may make. */
  dataDisk?: string;
  outbox?: Readonly<{ maxBytes: number; ballastBytes: number }>;
  onLine?: (line: string) => void;
}>;

/** As the unit, the compose file and `npm run edge` start it; a test compares them. */
export const shippedOptions = ['--single-threaded-gc'];

export async function startEdge(settings: EdgeSettings): Promise<EdgeUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'haoguanjia-bench-'));
  const port = await freePort();
  const config = join(folder, 'edge.yaml');
  writeFileSync(config, JSON.stringify(configOf(settings, folder, port)));
  const { password, nodeOptions = [] } = settings;
  const program = [...shippedOptions, ...nodeOptions, 'src/edge/main.ts', '--config', config];
  const dataFolder = join(folder, 'data');
  const [command, ...args] = onOwnDisk([process.execPath, ...program], dataFolder, settings);
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe', ...(nodeOptions.length === 0 ? [] : ['ipc' as const])],
    env: { ...process.env, BENCH_BROKER_PASSWORD: password },
  });
  const said = lastWords(child);
  const { onLine } = settings;
  if (onLine !== undefined && child.stdout !== null)
    createInterface({ input: child.stdout }).on('line', onLine);
  return {
    pid: child.pid ?? 0,
    dataFolder:
      settings.dataDisk === undefined ? dataFolder : `/proc/${child.pid}/root${dataFolder}`,
    figures: async () =>
      readFigures(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()),
    ended: () => (hasEnded(child) ? said() : undefined),
    ask: async (message) => {
      const over = new AbortController();
      const { signal } = over;
      try {
        const answered = [once(child, 'message', { signal }), once(child, 'exit', { signal })];
        child.send(message);
        const [answer] = await Promise.race(answered);
        return answer;
      } finally {
        over.abort();
      }
    },
    stop: async () => {
      await ending(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configOf(settings: EdgeSettings, folder: string, port: number) {
  const { edgeId, brokerUrl, cameras, rules, analysisFps, detector } = settings;
  const { collectorUrl = 'http://127.0.0.1:9', outbox } = settings;
  const rulesFile = join(folder, 'rules.json');
  writeFileSync(rulesFile, JSON.stringify(rules));
  mkdirSync(join(folder, 'data'));
  return {
    edgeId,
    dataFolder: join(folder, 'data'),
    collectorUrl,
    broker: { url: brokerUrl, username: edgeId, password: '$'.concat('{BENCH_BROKER_PASSWORD}') },
    detector,
    ...(outbox === undefined ? {} : { outbox }),
    status: { port },
    cameras: cameras.map((camera) => ({ ...camera, analysisFps, rulesFile })),
  };
}

function onOwnDisk(
  program: readonly [string, ...string[]],
  folder: string,
  { dataDisk }: EdgeSettings,
): readonly [string, ...string[]] {
  if (dataDisk === undefined) return program;
  const script = 'mount -t tmpfs -o size="$1" tmpfs "$2" && shift 2 && exec "$@"';
  const within = ['--mount', '--propagation', 'private', 'sh', '-c', script, 'sh'];
  return ['unshare', ...within, dataDisk, folder, ...program];
}

function lastWords(child: ChildProcess): () => string {
  let text = '';
  const add = (chunk: Buffer): void => {
    text = (text + chunk.toString()).slice(-4000);
  };
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  return () => text.trim().split('\n').at(-1) ?? '';
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function ending(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await gone;
  clearTimeout(timer);
}

function readFigures(text: string): ReadonlyMap<string, number> {
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const at = line.lastIndexOf(' ');
        return [line.slice(0, at), Number(line.slice(at + 1))] as const;
      }),
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
