/** The three programs of a run: an edge box without cameras, a broker, the real collector. */
import { freePort } from '../../src/testing/mosquitto.ts';
import { type BrokerKind, brokerProgram, collectorProgram } from '../harness/centre.ts';
import { createProgram, eventually, type Program } from '../harness/program.ts';
import { type CrashPlan, crashEnvironment } from './crash-points.ts';
import { createProducerLog, type ProducerLog } from './producer-log.ts';

export type Ring = Readonly<{
  edge: Program;
  broker: Program;
  collector: Program;
  log: ProducerLog;
  edgePlan: CrashPlan;
  collectorPlan: CrashPlan;
  /** Rejects when events do not flow within a minute. */
  start: () => Promise<void>;
  /** Ends the flow of events and resolves with the seconds until the edge's outbox was empty. */
  drain: () => Promise<number>;
  end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>;
}>;

type Settings = Readonly<{
  folder: string;
  broker: BrokerKind;
  eventsPerSecond: string;
  control: boolean;
}>;

function crashing({ point }: CrashPlan): readonly string[] {
  return point === undefined ? [] : ['--import', './scripts/chaos/crash-at.ts'];
}

export async function createRing(settings: Settings): Promise<Ring> {
  const { folder } = settings;
  const place = { folder, port: await freePort() };
  const log = createProducerLog();
  const edgePlan: CrashPlan = { passes: 0 };
  const collectorPlan: CrashPlan = { passes: 0 };
  let collectorSpoke = false;
  const broker = brokerProgram(settings.broker, place, 1);
  const collector = collectorProgram(place, {
    nodeOptions: () => crashing(collectorPlan),
    environment: () => crashEnvironment(collectorPlan),
    onLine: (line) => {
      if (line.startsWith('console')) collectorSpoke = true;
    },
  });
  const edge = createProgram({
    name: 'edge',
    onLine: log.read,
    environment: () => crashEnvironment(edgePlan),
    command: () => [
      process.execPath,
      ...crashing(edgePlan),
      'scripts/chaos/edge-process.ts',
      ...['--folder', folder, '--broker', `mqtt://127.0.0.1:${place.port}`],
      ...['--per-second', settings.eventsPerSecond, '--first', String(log.next())],
      ...(settings.control ? ['--control'] : []),
    ],
  });
  return {
    ...{ edge, broker, collector, log, edgePlan, collectorPlan },
    start: async () => {
      broker.start();
      collector.start();
      const isUp = await eventually(() => collectorSpoke, 60_000);
      edge.start();
      if (!isUp || !(await eventually(() => log.kept.size > 0, 60_000)))
        throw new Error('events did not flow within a minute');
    },
    drain: async () => {
      // What was killed last has to be running again before the time counts.
      const before = log.next();
      await eventually(() => log.next() > before + 2, 30_000);
      edge.tell('stop');
      const from = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 300));
      await eventually(() => log.backlog() === 0, 60_000);
      return (performance.now() - from) / 1000;
    },
    end: async (signal) => {
      for (const program of [edge, collector, broker]) await program.end(signal);
    },
  };
}
