/**
 * Starts one worker thread per camera and starts it again when it dies; a camera that fails never touches the others.
 * Restarts wait 1, 2, 4 ... 30 s, so that a worker that dies at once does not burn the box, and until every child of the
 * dead worker is gone.
 */

import { type MessagePort, Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { because } from '../contract/reason.ts';
import { createFfmpegKeeper, type FfmpegKeeper, type FfmpegLease } from './camera/ffmpeg-keeper.ts';
import type { ModelFacts } from './detector/model-manifest.ts';
import type { EdgeCamera } from './edge-config.ts';
import type { FromWorker, RunningRules, ToWorker, WorkerStart } from './worker-messages.ts';

const firstRestartMs = 1000;
const longestRestartMs = 30_000;
/** A worker that has lived for so long was well: the wait for the next begins anew. */
const wellAfterMs = 60_000;
const stopPatienceMs = 6000;
const judgeSilenceEveryMs = 2000;
/**
 * Judgements one after another without a word between them, though a worker tells each second that it lives; then it hangs.
 * They are counted, not timed: when it was this thread that stood still, what the workers said meanwhile is heard first.
 */
const mostSilentJudgements = 15;

export type WorkerSupervisor = Readonly<{
  start: (model: ModelFacts) => void;
  /** Hands changed rules to the camera's worker; it applies them with its next frame. */
  applyRules: (cameraId: string, rules: RunningRules) => void;
  /** Lost when there is no such camera or its worker is not running. */
  post: (cameraId: string, message: ToWorker) => void;
  /** Every worker ends its ffmpeg first; one that does not answer is terminated after six seconds. */
  stop: () => Promise<void>;
}>;

type Parts = Readonly<{
  cameras: readonly EdgeCamera[];
  connectInference: (cameraId: string) => MessagePort;
  rulesOf: (cameraId: string) => RunningRules;
  onMessage: (cameraId: string, message: FromWorker) => void;
  logger: Logger;
  /** What a worker runs; another program for tests. */
  program?: URL;
  /** How often is judged whether it has been heard. */
  judgeEveryMs?: number;
}>;

export function createWorkerSupervisor(parts: Parts): WorkerSupervisor {
  const ffmpeg = createFfmpegKeeper();
  const keepers = new Map(
    parts.cameras.map((camera) => [camera.cameraId, createKeeper(parts, camera, ffmpeg)] as const),
  );
  return {
    start: (model) => {
      for (const keeper of keepers.values()) keeper.start(model);
    },
    post: (cameraId, message) => keepers.get(cameraId)?.post(message),
    applyRules: (cameraId, rules) => keepers.get(cameraId)?.post({ kind: 'rules', rules }),
    stop: async () => {
      await Promise.all([...keepers.values()].map((keeper) => keeper.stop()));
      await ffmpeg.close();
    },
  };
}

type Keeper = Readonly<{
  start: (model: ModelFacts) => void;
  post: (message: ToWorker) => void;
  stop: () => Promise<void>;
}>;

function createKeeper(parts: Parts, camera: EdgeCamera, ffmpeg: FfmpegKeeper): Keeper {
  const logger = parts.logger.child({ cameraId: camera.cameraId });
  let worker: Worker | undefined;
  let restartMs = firstRestartMs;
  let restart: NodeJS.Timeout | undefined;
  let stopping = false;

  const start = (model: ModelFacts): void => {
    const lease = ffmpeg.lease();
    const startedMs = performance.now();
    const started = startWorker(parts, camera, model, lease);
    const silence = watchSilence(parts, started, logger);
    worker = started;
    worker.on('message', (message: FromWorker) => {
      silence.heard();
      if (performance.now() - startedMs >= wellAfterMs) restartMs = firstRestartMs;
      parts.onMessage(camera.cameraId, message);
    });
    worker.on('error', (error) =>
      logger.error({ reason: error.message, stack: error.stack }, 'camera worker failed'),
    );
    worker.once('exit', () => {
      silence.end();
      void ended(model, lease);
    });
  };
  const ended = async (model: ModelFacts, lease: FfmpegLease): Promise<void> => {
    worker = undefined;
    if (!stopping) {
      logger.warn({ restartMs }, 'camera worker ended; it is started again');
      const reason = because('camera-worker-ended', { cameraId: camera.cameraId });
      const state = { kind: 'state', state: 'offline', reason, atMs: Date.now() } as const;
      parts.onMessage(camera.cameraId, state);
    }
    await lease.end();
    if (stopping) return;
    restart = setTimeout(() => start(model), restartMs);
    restartMs = Math.min(restartMs * 2, longestRestartMs);
  };

  return {
    start,
    post: (message) => worker?.postMessage(message),
    stop: async () => {
      stopping = true;
      clearTimeout(restart);
      const ending = worker;
      if (ending === undefined) return;
      const gone = new Promise<void>((resolve) => ending.once('exit', () => resolve()));
      ending.postMessage({ kind: 'stop' } satisfies ToWorker);
      const impatience = setTimeout(() => void ending.terminate(), stopPatienceMs);
      await gone;
      clearTimeout(impatience);
    },
  };
}

const cameraWorker = new URL('./camera-worker.ts', import.meta.url);

/** Terminates the worker when it hangs; the others do not notice. */
function watchSilence(
  { judgeEveryMs = judgeSilenceEveryMs }: Parts,
  worker: Worker,
  logger: Logger,
): Readonly<{ heard: () => void; end: () => void }> {
  let silent = 0;
  const timer = setInterval(() => {
    silent += 1;
    if (silent < mostSilentJudgements) return;
    clearInterval(timer);
    logger.error({ silentMs: silent * judgeEveryMs }, 'camera worker hangs; it is ended');
    void worker.terminate();
  }, judgeEveryMs);
  return {
    heard: () => {
      silent = 0;
    },
    end: () => clearInterval(timer),
  };
}

/** Its thread bears the camera's name, so that `top -H` tells whose it is. */
function startWorker(
  { connectInference, rulesOf, program = cameraWorker }: Parts,
  camera: EdgeCamera,
  model: ModelFacts,
  { access }: FfmpegLease,
): Worker {
  const { cameraId } = camera;
  const inference = connectInference(cameraId);
  const rules = rulesOf(cameraId);
  return new Worker(program, {
    name: cameraId,
    workerData: { camera, rules, model, inference, ffmpeg: access } satisfies WorkerStart,
    transferList: [inference, access.port],
  });
}
