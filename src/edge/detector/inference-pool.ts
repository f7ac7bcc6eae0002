/**
 * The inference threads of a box and who uses them. Lives in the main thread; each camera worker gets a port of its own.
 * The newest frame of a camera wins; where something is about to be decided goes first, and others take turns.
 */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { InferenceAnswer, InferenceRequest } from './inference-messages.ts';
import type { SessionSettings } from './inference-session.ts';
import { createInferenceThreads, type InferenceThreads } from './inference-threads.ts';
import { loadModel, type ModelFacts } from './model-manifest.ts';
import { createOverloadWatch } from './overload.ts';
import { createRequestQueue } from './request-queue.ts';

export type InferencePoolSettings = Readonly<{
  manifestPath: string;
  /** The default is one; each takes a core while it works and about 80 MB. */
  threads?: number;
  leastConfidence?: number;
  labels?: readonly string[];
  /** What the model runs on; the default is the processor. */
  provider?: SessionSettings['provider'];
  logger: Logger;
}>;

export type InferencePool = Readonly<{
  /** Verifies and loads the model. Rejects with ModelError. */
  start: () => Promise<ModelFacts>;
  /** A port for one camera worker; `createDetector` speaks over it. */
  connect: () => MessagePort;
  /** Moving average of one inference, in milliseconds; undefined before the first. */
  inferenceMs: () => number | undefined;
  /** How long requests wait for their turn, and whether that is too long. */
  waits: () => Readonly<{ waitMs: number; isOverloaded: boolean }>;
  stop: () => Promise<void>;
}>;

/** Low enough for the second stage of the tracker's association. */
export const defaultSession: SessionSettings = { leastConfidence: 0.15, labels: ['person'] };

export function createInferencePool(settings: InferencePoolSettings): InferencePool {
  const queue = createRequestQueue<InferenceRequest>();
  const ports = new Map<number, MessagePort>();
  let threads: InferenceThreads | undefined;
  let cameras = 0;
  let averageMs: number | undefined;
  const tellFailure = createFailureTeller(settings.logger);
  const overload = createOverloadWatch();

  const answer = (camera: number, message: InferenceAnswer): void => {
    if (message.kind === 'detections') averageMs = mixed(averageMs, message.tookMs);
    tellFailure(message);
    ports.get(camera)?.postMessage(message, memoryOf(message));
  };
  const dispatch = (): void => {
    while (threads?.hasIdle() === true) {
      const next = queue.next(performance.now());
      if (next === undefined) return;
      tell(overload.waited(next.waitedMs, performance.now()), settings.logger);
      threads.run(next.request, (message) => {
        answer(next.camera, message);
        dispatch();
      });
    }
  };

  return {
    start: async () => {
      const model = loadModel(settings.manifestPath);
      threads = createInferenceThreads({
        start: { model, settings: sessionSettings(settings) },
        count: settings.threads ?? 1,
        onIdle: dispatch,
        logger: settings.logger,
      });
      await threads.start();
      return model;
    },
    connect: () => {
      const camera = cameras++;
      const { port1: ours, port2: theirs } = new MessageChannel();
      ports.set(camera, ours);
      ours.on('message', (request: InferenceRequest) => {
        const replaced = queue.add(camera, request, request.isUrgent === true, performance.now());
        if (replaced !== undefined) {
          const { requestId, pixels } = replaced;
          answer(camera, { kind: 'superseded', requestId, pixels });
        }
        dispatch();
      });
      ours.once('close', () => {
        ports.delete(camera);
        queue.forget(camera);
      });
      return theirs;
    },
    inferenceMs: () => averageMs,
    waits: () => ({ waitMs: overload.waitMs(), isOverloaded: overload.isOverloaded() }),
    stop: async () => {
      for (const port of ports.values()) port.close();
      await threads?.stop();
    },
  };
}

function memoryOf({ pixels }: InferenceAnswer): readonly ArrayBuffer[] {
  return pixels === undefined ? [] : [pixels.buffer as ArrayBuffer];
}

/** Said once an outage: what fails may fail for every frame of every camera. */
function createFailureTeller(logger: Logger): (answer: InferenceAnswer) => void {
  let isFailing = false;
  return (answer) => {
    if (answer.kind === 'superseded') return;
    const { kind } = answer;
    if (kind === 'failed' && !isFailing)
      logger.error({ reason: answer.reason }, 'inference failed; the frame is not seen');
    isFailing = kind === 'failed';
  };
}

function tell(change: 'began' | 'ended' | undefined, logger: Logger): void {
  if (change === 'began')
    logger.warn({}, 'the box has too much to look at: quiet cameras are looked at later');
  if (change === 'ended') logger.info({}, 'the box keeps up again');
}

function mixed(averageMs: number | undefined, newestMs: number): number {
  return (averageMs ?? newestMs) * 0.95 + newestMs * 0.05;
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
