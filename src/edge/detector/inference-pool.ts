/**
 * The inference threads of a box and who uses them, in a thread of their own (`inference-pool-thread.ts`): this is what the
 * main thread has of it. A pool that dies is started again; the ports of the cameras close with it, and their workers begin
 * anew. One that hangs cannot be ended (`end-thread.ts`): whoever owns the process is told.
 */
import './silent-runtime.ts';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { endThread } from './end-thread.ts';
import type { FromPool, PoolFigures, PoolLog, PoolStart, ToPool } from './inference-messages.ts';
import type { SessionSettings } from './inference-session.ts';
import { loadModel, ModelError, type ModelFacts } from './model-manifest.ts';

export type InferencePoolSettings = Readonly<{
  manifestPath: string;
  /** The default is one; each takes a core while it works and about 80 MB. */
  threads?: number;
  leastConfidence?: number;
  labels?: readonly string[];
  /** What the model runs on; the default is the processor. */
  provider?: SessionSettings['provider'];
  logger: Logger;
  /** Nothing is looked at any more, or a thread does not end: the process must be ended, by a signal, and begun anew. */
  onStuck?: (reason: string) => void;
  /** What the pool's thread runs; another program for tests. */
  program?: URL;
  /** How often is judged whether it has been heard. */
  judgeEveryMs?: number;
}>;

export type InferencePool = Readonly<{
  /** Verifies and loads the model. Rejects with ModelError. */
  start: () => Promise<ModelFacts>;
  /** A port for one camera's worker; `createDetector` speaks over it. */
  connect: (cameraId: string) => MessagePort;
  /** As told within the last second or two. */
  figures: () => PoolFigures;
  stop: () => Promise<void>;
}>;

/** Low enough for the second stage of the tracker's association. */
export const defaultSession: SessionSettings = { leastConfidence: 0.15, labels: ['person'] };

const poolThread = new URL('./inference-pool-thread.ts', import.meta.url);
const restartMs = 1000;
/** Longer than its own threads are given. */
const poolEndsWithinMs = 8000;
const judgeSilenceEveryMs = 2000;
/** Judgements one after another without a word between them, though the pool tells its figures each second. */
const mostSilentJudgements = 10;

export function createInferencePool(settings: InferencePoolSettings): InferencePool {
  let figures: PoolFigures = { waitMs: 0, isOverloaded: false, late: [] };
  const kept = keepPool(settings, (told) => {
    figures = told;
  });
  return {
    start: async () => {
      const model = loadModel(settings.manifestPath);
      const start = { model, settings: sessionSettings(settings) };
      await kept.start({ start, count: settings.threads ?? 1 });
      return model;
    },
    connect: (cameraId) => {
      const { port1: ours, port2: theirs } = new MessageChannel();
      kept.hand(cameraId, ours);
      return theirs;
    },
    figures: () => figures,
    stop: kept.stop,
  };
}

type KeptPool = Readonly<{
  start: (start: PoolStart) => Promise<void>;
  /** While there is no pool the port closes at once, and the camera's worker begins anew. */
  hand: (cameraId: string, port: MessagePort) => void;
  stop: () => Promise<void>;
}>;

/** Once it has run, it runs again whenever it ends. */
function keepPool(
  settings: InferencePoolSettings,
  onFigures: (figures: PoolFigures) => void,
): KeptPool {
  const { logger, program = poolThread, judgeEveryMs = judgeSilenceEveryMs } = settings;
  let worker: Worker | undefined;
  let judging: NodeJS.Timeout | undefined;
  let silent = 0;
  let stopping = false;
  const { stuck, isStuck } = stuckTeller(settings);

  const open = async (start: PoolStart): Promise<void> => {
    silent = 0;
    worker = new Worker(program, { workerData: start, name: 'inference-pool' });
    await untilReady(worker, (message) => {
      silent = 0;
      if (message.kind === 'figures') onFigures(message.figures);
      if (message.kind === 'said') say(logger, message.said);
      if (message.kind === 'stuck') stuck(message.reason);
    });
    const opened = worker;
    opened.on('error', ({ message: reason }) => logger.error({ reason }, 'inference pool failed'));
    opened.once('exit', () => {
      worker = undefined;
      if (stopping) return;
      logger.error({}, 'inference pool ended; it and every camera worker are started again');
      void again(start);
    });
  };
  const again = async (start: PoolStart): Promise<void> => {
    while (!stopping) {
      await pause(restartMs);
      try {
        if (!stopping) return await open(start);
      } catch (error) {
        logger.error({ reason: String(error) }, 'inference pool could not be started');
      }
    }
  };
  const judge = (): void => {
    silent += 1;
    if (silent < mostSilentJudgements || worker === undefined) return;
    stuck(`the inference pool has said nothing for ${(silent * judgeEveryMs) / 1000} s`);
  };

  return {
    start: async (start) => {
      await open(start);
      judging = setInterval(judge, judgeEveryMs);
    },
    hand: (cameraId, port) => {
      const order: ToPool = { kind: 'camera', cameraId, port };
      if (worker === undefined) port.close();
      else worker.postMessage(order, [port]);
    },
    stop: async () => {
      stopping = true;
      clearInterval(judging);
      if (worker === undefined || isStuck()) return;
      if (!(await endThread(worker, poolEndsWithinMs))) stuck('a look has not come to its end');
    },
  };
}

/** Says it once. */
function stuckTeller({ logger, onStuck }: InferencePoolSettings) {
  let isStuck = false;
  return {
    isStuck: () => isStuck,
    stuck: (reason: string): void => {
      if (isStuck) return;
      isStuck = true;
      logger.error({ reason }, 'inference is stuck; only a new process helps');
      onStuck?.(reason);
    },
  };
}

/** Rejects with ModelError; the worker is gone then, or does not end. */
function untilReady(worker: Worker, onMessage: (message: FromPool) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => {
      settle();
      void endThread(worker, poolEndsWithinMs).then(() =>
        reject(new ModelError('model-unusable', reason)),
      );
    };
    const onError = ({ message }: Error): void => fail(message);
    const onExit = (): void => fail('the inference pool ended before it was ready');
    worker.on('error', onError);
    worker.on('exit', onExit);
    worker.on('message', (message: FromPool) => {
      onMessage(message);
      if (message.kind === 'unusable') fail(message.reason);
      if (message.kind !== 'ready') return;
      settle();
      resolve();
    });
    const settle = (): void => {
      worker.off('error', onError);
      worker.off('exit', onExit);
    };
  });
}

function say(logger: Logger, [level, sentence, facts = {}]: Parameters<PoolLog>): void {
  logger[level](facts, sentence);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function sessionSettings({
  leastConfidence,
  labels,
  provider,
}: InferencePoolSettings): SessionSettings {
  return {
    ...(provider === undefined ? {} : { provider }),
    leastConfidence: leastConfidence ?? defaultSession.leastConfidence,
    labels: labels ?? defaultSession.labels,
  };
}
