/** Keeps the inference threads alive: one that dies is started again, and the request it had is answered as failed. */
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type {
  InferenceAnswer,
  InferenceRequest,
  ThreadMessage,
  ThreadStart,
} from './inference-messages.ts';
import { ModelError } from './model-manifest.ts';

export type InferenceThreads = Readonly<{
  /** Resolves when every thread has loaded the model. Rejects with ModelError. */
  start: () => Promise<void>;
  hasIdle: () => boolean;
  /** Hands the request to an idle thread; its pixels are moved, not copied. */
  run: (request: InferenceRequest, done: (answer: InferenceAnswer) => void) => void;
  stop: () => Promise<void>;
}>;

type Settings = Readonly<{
  start: ThreadStart;
  count: number;
  /** A thread that had died is there again. */
  onIdle: () => void;
  logger: Logger;
}>;
type Job = Readonly<{ requestId: number; done: (answer: InferenceAnswer) => void }>;
type Thread = { worker: Worker; job: Job | undefined };

const restartMs = 1000;

export function createInferenceThreads(settings: Settings): InferenceThreads {
  const threads = new Set<Thread>();
  let stopping = false;

  const add = async (): Promise<void> => {
    const thread: Thread = { worker: await readyWorker(settings.start), job: undefined };
    threads.add(thread);
    thread.worker.on('message', (answer: InferenceAnswer) => finish(thread, answer));
    thread.worker.on('error', ({ message }) =>
      settings.logger.error({ reason: message }, 'inference thread failed'),
    );
    thread.worker.once('exit', () => {
      threads.delete(thread);
      if (!stopping) replace(thread);
    });
  };
  const replace = ({ job }: Pick<Thread, 'job'>): void => {
    settings.logger.warn({}, 'inference thread ended; it is started again');
    job?.done({ kind: 'failed', requestId: job.requestId, reason: 'the inference thread ended' });
    add().then(settings.onIdle, (error: unknown) => {
      settings.logger.error({ reason: String(error) }, 'inference thread could not be started');
      if (!stopping) setTimeout(() => replace({ job: undefined }), restartMs);
    });
  };
  const idle = (): Thread | undefined => [...threads].find(({ job }) => job === undefined);

  return {
    start: async () => {
      await Promise.all(Array.from({ length: settings.count }, add));
    },
    hasIdle: () => idle() !== undefined,
    run: (request, done) => {
      const thread = idle();
      if (thread === undefined) throw new Error('no inference thread is idle');
      thread.job = { requestId: request.requestId, done };
      thread.worker.postMessage(request, [request.pixels.buffer as ArrayBuffer]);
    },
    stop: async () => {
      stopping = true;
      await Promise.all([...threads].map(({ worker }) => worker.terminate()));
    },
  };
}

function finish(thread: Thread, answer: InferenceAnswer): void {
  const { job } = thread;
  thread.job = undefined;
  job?.done(answer);
}

function readyWorker(start: ThreadStart): Promise<Worker> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./inference-thread.ts', import.meta.url), {
      workerData: start,
      name: 'inference',
    });
    worker.once('error', reject);
    worker.once('message', (message: ThreadMessage) => {
      worker.off('error', reject);
      if (message.kind === 'ready') return resolve(worker);
      void worker.terminate();
      const reason = message.kind === 'unusable' ? message.reason : 'the thread did not get ready';
      reject(new ModelError('model-unusable', reason));
    });
  });
}
