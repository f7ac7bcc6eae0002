/**
 * Keeps the inference threads alive, and never owes an answer: a thread that dies is started again, one that hangs is given
 * up for another, and the request that it had is answered as failed. Judgements are counted, not timed: when it was the
 * whole box that stood still, what a thread said meanwhile is heard first. Nothing is ended by force (`end-thread.ts`): one
 * that was given up ends by itself should it ever come back, and when too many do not, only a new process helps.
 */
import { Worker } from 'node:worker_threads';
import { endThread } from './end-thread.ts';
import type {
  InferenceAnswer,
  InferenceRequest,
  PoolLog,
  ThreadMessage,
  ThreadStart,
  ToThread,
} from './inference-messages.ts';

export type InferenceThreads = Readonly<{
  /** Resolves when every thread has loaded the model. Rejects with the reason when one cannot. */
  start: () => Promise<void>;
  hasIdle: () => boolean;
  /** Hands the request to an idle thread; its pixels are moved, not copied. `done` is called once, whatever happens. */
  run: (request: InferenceRequest, done: (answer: InferenceAnswer) => void) => void;
  /** To be called each second: gives up the thread that has been at one request for too many of them. */
  judge: () => void;
  /** Asks all to end. False when some did not within their time; they are left. */
  stop: () => Promise<boolean>;
}>;

export type ThreadsSettings = Readonly<{
  start: ThreadStart;
  count: number;
  /** A thread that had died or hung is there again. */
  onIdle: () => void;
  /** So many hang that no other is started: looks go on when one comes back, or in a new process. */
  onStuck?: (reason: string) => void;
  log: PoolLog;
  /** What a thread runs; another program for tests. */
  program?: URL;
  restartMs?: number;
  /** How long a thread that is asked to end may take for its look. */
  endsWithinMs?: number;
}>;
type Job = Readonly<{ requestId: number; done: (answer: InferenceAnswer) => void }>;
type Thread = { readonly worker: Worker; job: Job | undefined; judgements: number };

const inferenceThread = new URL('./inference-thread.ts', import.meta.url);
const firstRestartMs = 1000;
/** A large model on a small box takes some seconds for one picture. */
const mostJudgements = 20;
const readyWithinMs = 60_000;
/** What hangs inside the runtime cannot be ended and keeps its memory and a core: no more of them than that at a time. */
const mostHanging = 3;

export function createInferenceThreads(settings: ThreadsSettings): InferenceThreads {
  const kept = keepThreads(settings);
  const idle = (): Thread | undefined => [...kept.threads].find(({ job }) => job === undefined);
  return {
    start: async () => {
      await Promise.all(Array.from({ length: settings.count }, kept.add));
    },
    hasIdle: () => idle() !== undefined,
    run: (request, done) => {
      const thread = idle();
      if (thread === undefined) throw new Error('no inference thread is idle');
      thread.job = { requestId: request.requestId, done };
      thread.judgements = 0;
      const message: ToThread = { kind: 'look', request };
      thread.worker.postMessage(message, [request.pixels.buffer as ArrayBuffer]);
    },
    judge: () => {
      for (const thread of kept.threads) {
        if (thread.job === undefined) continue;
        thread.judgements += 1;
        if (thread.judgements >= mostJudgements) kept.giveUp(thread, 'hangs');
      }
    },
    stop: kept.stop,
  };
}

type KeptThreads = Readonly<{
  threads: ReadonlySet<Thread>;
  add: () => Promise<void>;
  giveUp: (thread: Thread, how: string) => void;
  stop: () => Promise<boolean>;
}>;

/** One that is lost is replaced. */
function keepThreads(settings: ThreadsSettings): KeptThreads {
  const { log, program = inferenceThread, restartMs = firstRestartMs, endsWithinMs } = settings;
  const threads = new Set<Thread>();
  const hanging = new Set<Worker>();
  let stopping = false;

  const add = async (): Promise<void> => {
    const worker = await readyWorker(program, settings.start, leave);
    if (stopping) return void (await endThread(worker, endsWithinMs));
    const thread: Thread = { worker, job: undefined, judgements: 0 };
    threads.add(thread);
    worker.on('message', (answer: InferenceAnswer) => finish(thread, answer));
    worker.on('messageerror', () => giveUp(thread, 'gave an answer that cannot be read'));
    worker.on('error', ({ message: reason }) =>
      log('error', 'inference thread failed', { reason }),
    );
    worker.once('exit', () => lose(thread, 'ended'));
  };
  /** Once for each thread: what it says after that is nobody's answer any more. */
  const lose = (thread: Thread, how: string): void => {
    if (!threads.delete(thread) || stopping) return;
    log('warn', `inference thread ${how}; another is started`);
    void replace();
    const { job } = thread;
    thread.job = undefined;
    job?.done({ kind: 'failed', requestId: job.requestId, reason: `the inference thread ${how}` });
  };
  /** It is asked, and may answer when it comes back. */
  const leave = (worker: Worker): void => {
    hanging.add(worker);
    worker.once('exit', () => hanging.delete(worker));
    worker.postMessage({ kind: 'stop' } satisfies ToThread);
    if (hanging.size === mostHanging) settings.onStuck?.(`${mostHanging} inference threads hang`);
  };
  const giveUp = (thread: Thread, how: string): void => {
    leave(thread.worker);
    lose(thread, how);
  };
  const replace = async (): Promise<void> => {
    while (!stopping) {
      try {
        while (hanging.size >= mostHanging && !stopping) await pause(restartMs);
        if (!stopping) await add();
        return settings.onIdle();
      } catch (error) {
        log('error', 'inference thread could not be started', { reason: String(error) });
        await pause(restartMs);
      }
    }
  };
  const stop = async (): Promise<boolean> => {
    stopping = true;
    const all = [...[...threads].map(({ worker }) => worker), ...hanging];
    const ended = await Promise.all(all.map((worker) => endThread(worker, endsWithinMs)));
    return !ended.includes(false);
  };
  return { threads, add, giveUp, stop };
}

function finish(thread: Thread, answer: InferenceAnswer): void {
  const { job } = thread;
  // A second answer, or one to a request of before, would free a thread that is still at work.
  if (job === undefined || job.requestId !== answer.requestId) return;
  thread.job = undefined;
  job.done(answer);
}

/** Rejects with the reason: it cannot load the model, it ends, or it says nothing for a minute; `leave` takes it then. */
function readyWorker(
  program: URL,
  start: ThreadStart,
  leave: (worker: Worker) => void,
): Promise<Worker> {
  const worker = new Worker(program, { workerData: start, name: 'inference' });
  return new Promise<Worker>((resolve, reject) => {
    const fail = (reason: string): void => {
      settle();
      reject(new Error(reason));
    };
    const onError = ({ message }: Error): void => fail(message);
    const onExit = (): void => fail('the inference thread ended before it was ready');
    const onMessage = (message: ThreadMessage): void => {
      if (message.kind === 'unusable') fail(message.reason);
      if (message.kind !== 'ready') return;
      settle();
      resolve(worker);
    };
    const impatience = setTimeout(() => {
      leave(worker);
      fail('the inference thread has not loaded the model within a minute');
    }, readyWithinMs);
    const settle = (): void => {
      clearTimeout(impatience);
      worker.off('error', onError);
      worker.off('exit', onExit);
      worker.off('message', onMessage);
      // It may still fail while it is ended.
      worker.on('error', () => undefined);
    };
    worker.on('error', onError);
    worker.on('exit', onExit);
    worker.on('message', onMessage);
  });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
