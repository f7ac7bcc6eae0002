/** The three programs of a run: an edge box without cameras, a broker, the real collector. */
import { join } from 'node:path';
import { freePort } from '../../src/testing/mosquitto.ts';
import { type BrokerKind, brokerProgram, collectorProgram } from '../harness/centre.ts';
import { createProgram, eventually, type Program } from '../harness/program.ts';
import { createProducerLog, type ProducerLog } from './producer-log.ts';

export type Ring = Readonly<{
  edge: Program;
  broker: Program;
  collector: Program;
  log: ProducerLog;
  brokerUrl: string;
  /** What the collector printed at its starts: `console`, `set-up token`, `metrics`. */
  facts: ReadonlyMap<string, string>;
  /** Rejects when events do not flow within a minute. */
  start: () => Promise<void>;
  /** Ends the flow of events and resolves with the seconds until the edge's outbox was empty. */
  drain: () => Promise<number>;
  /** How long events were to be produced. */
  producedSeconds: () => number;
  end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>;
}>;

type Command = readonly [string, ...string[]];

/** Each is asked at each start. */
export type Hooks = Readonly<{
  nodeOptions?: () => readonly string[];
  environment?: () => Readonly<Record<string, string>>;
}>;

export type RingSettings = Readonly<{
  folder: string;
  broker: BrokerKind;
  eventsPerSecond: number;
  /** The edge believes the broker. */
  control?: boolean;
  /** Whoever asked for it starts it. */
  brokerComesLater?: boolean;
  /** How many may sign in at the broker: `edge-1` and so on; one, when nothing is said. */
  edges?: number;
  /** The broker's port, if it is not to be any free one; where it listens, if not on loopback. */
  port?: number;
  host?: string;
  edge?: Hooks &
    Readonly<{
      /** Where it finds the broker, if not at the broker's own port. */
      url?: string;
      options?: () => readonly string[];
      /** Puts it somewhere else than beside the others. */
      within?: (command: Command) => Command;
    }>;
  /** `more` are lines of its configuration. */
  collector?: Hooks & Readonly<{ more?: string }>;
}>;

export const edgeFolder = (folder: string): string => join(folder, 'edge');

export async function createRing(settings: RingSettings): Promise<Ring> {
  const { folder, host = '127.0.0.1', collector: centre = {} } = settings;
  const port = settings.port ?? (await freePort());
  const place = { folder, port, host };
  const log = createProducerLog();
  const facts = new Map<string, string>();
  const broker = brokerProgram(settings.broker, place, settings.edges ?? 1);
  const collector = collectorProgram(place, {
    ...centre,
    onLine: (line) => {
      const [, name, value] = /^(console|set-up token|metrics)\s+(\S+)/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) facts.set(name, value);
    },
  });
  const brokerUrl = `mqtt://${host}:${port}`;
  const edge = edgeProgram(settings, brokerUrl, log);
  const isEmpty = (): boolean => log.backlog() === 0;
  const produced = { from: 0, to: 0 };
  return {
    ...{ edge, broker, collector, log, brokerUrl, facts },
    start: async () => {
      if (settings.brokerComesLater !== true) broker.start();
      collector.start();
      const isUp = await eventually(() => facts.has('console'), 60_000);
      edge.start();
      produced.from = performance.now();
      if (!isUp || !(await eventually(() => log.kept.size > 0, 60_000)))
        throw new Error('events did not flow within a minute');
    },
    drain: async () => {
      // What was killed last has to be running again before the time counts.
      const before = log.next();
      await eventually(() => log.next() > before + 2, 30_000);
      await eventually(() => isWell(facts.get('console')), 30_000);
      edge.tell('stop');
      const from = performance.now();
      produced.to = from;
      await new Promise((resolve) => setTimeout(resolve, 300));
      await eventually(isEmpty, 120_000);
      const seconds = (performance.now() - from) / 1000;
      // Clips wait for quiet, and nobody waits for them.
      await eventually(() => log.clipsDue() === 0, 240_000);
      return seconds;
    },
    producedSeconds: () => (produced.to - produced.from) / 1000,
    end: async (signal) => {
      for (const program of [edge, collector, broker]) await program.end(signal);
    },
  };
}

async function isWell(address = ''): Promise<boolean> {
  return fetch(`${address}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
}

function edgeProgram(settings: RingSettings, brokerUrl: string, log: ProducerLog): Program {
  const { folder, edge = {} } = settings;
  /** By the steady clock that all processes of the machine share. */
  let since: string | undefined;
  const command = (): Command => {
    since ??= String(process.hrtime.bigint() / 1_000_000n);
    return [
      process.execPath,
      ...(edge.nodeOptions?.() ?? []),
      'scripts/chaos/edge-process.ts',
      ...['--folder', folder, '--broker', edge.url ?? brokerUrl, '--since', since],
      ...['--per-second', String(settings.eventsPerSecond), '--first', String(log.next())],
      ...(settings.control === true ? ['--control'] : []),
      ...(edge.options?.() ?? []),
    ];
  };
  return createProgram({
    name: 'edge',
    onLine: log.read,
    command: () => edge.within?.(command()) ?? command(),
    ...(edge.environment === undefined ? {} : { environment: edge.environment }),
  });
}
