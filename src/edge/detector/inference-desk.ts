/**
 * Where looks are asked for and handed out: one port for each camera, one request of a camera at a time, the newest. Where
 * something is about to be decided goes first, and others take turns. Every request is answered exactly once, whatever
 * becomes of threads and cameras; `tick` finds what should never happen and mends it, and says so.
 */
import type { MessagePort } from 'node:worker_threads';
import type {
  InferenceAnswer,
  InferenceRequest,
  PoolFigures,
  PoolLog,
} from './inference-messages.ts';
import { createInferenceThreads, type ThreadsSettings } from './inference-threads.ts';
import { createOverloadWatch, type LateCamera } from './overload.ts';
import { createRequestQueue } from './request-queue.ts';

export type InferenceDesk = Readonly<{
  /** Rejects when a thread cannot load the model. */
  start: () => Promise<void>;
  /** The port's other end is the camera's; a camera that was started again has another one. */
  connect: (cameraId: string, port: MessagePort) => void;
  /** To be called each second. */
  tick: () => void;
  figures: () => PoolFigures;
  /** Requests that have not been answered yet: waiting or looked at. */
  owed: () => number;
  /** False when some threads did not end: this one must not, either. */
  stop: () => Promise<boolean>;
}>;

type DeskSettings = Readonly<{ log: PoolLog; standsStillMs?: number }> &
  Omit<ThreadsSettings, 'onIdle' | 'log'>;
type Connection = Readonly<{ cameraId: string; port: MessagePort }>;

/** A turn that takes so long is no queue any more: nothing moves. */
const longestTurnMs = 5000;
const idleThoughAsked = 'looks waited though a thread was idle; they are handed out again';

export function createInferenceDesk(settings: DeskSettings): InferenceDesk {
  const { log, standsStillMs = longestTurnMs, ...rest } = settings;
  const connections = new Map<number, Connection>();
  const queue = createRequestQueue<InferenceRequest>();
  const nameOf = (connection: number): string => connections.get(connection)?.cameraId ?? '';
  const waiting = (): readonly LateCamera[] =>
    queue
      .waiting(performance.now())
      .map(({ camera, waitedMs }) => ({ cameraId: nameOf(camera), waitMs: waitedMs }));
  const watch = watchWaits(log, standsStillMs, waiting);
  let connected = 0;
  let running = 0;

  const answer = (connection: number, message: InferenceAnswer): void => {
    watch.answered(message);
    connections.get(connection)?.port.postMessage(message, memoryOf(message));
  };
  const dispatch = (): void => {
    while (threads.hasIdle()) {
      const next = queue.next(performance.now());
      if (next === undefined) return;
      watch.waited(nameOf(next.camera), next.waitedMs);
      running += 1;
      threads.run(next.request, (message) => {
        running -= 1;
        answer(next.camera, message);
        dispatch();
      });
    }
  };
  const threads = createInferenceThreads({ ...rest, log, onIdle: dispatch });
  const take = (connection: number, request: InferenceRequest): void => {
    const replaced = queue.add(connection, request, request.isUrgent === true, performance.now());
    if (replaced !== undefined) answer(connection, superseded(replaced));
    dispatch();
  };

  return {
    start: threads.start,
    connect: (cameraId, port) => {
      const connection = connected++;
      connections.set(connection, { cameraId, port });
      port.on('message', (request: InferenceRequest) => take(connection, request));
      port.once('close', () => {
        connections.delete(connection);
        queue.forget(connection);
      });
    },
    tick: () => {
      threads.judge();
      watch.judge();
      if (waiting().length > 0 && threads.hasIdle()) log('error', idleThoughAsked);
      dispatch();
    },
    figures: watch.figures,
    owed: () => running + waiting().length,
    stop: async () => {
      for (const { port } of connections.values()) port.close();
      return threads.stop();
    },
  };
}

/** What the desk tells of itself: how long looks take and wait, and in the log when that begins or ends to be too long. */
function watchWaits(
  log: PoolLog,
  standsStillMs: number,
  waiting: () => readonly LateCamera[],
): Readonly<{
  answered: (answer: InferenceAnswer) => void;
  waited: (cameraId: string, waitedMs: number) => void;
  judge: () => void;
  figures: () => PoolFigures;
}> {
  const overload = createOverloadWatch();
  const failures = createFailureTeller(log);
  const stuck = createStuckTeller(log);
  let averageMs: number | undefined;
  const stalled = (): readonly LateCamera[] =>
    waiting().filter(({ waitMs }) => waitMs > standsStillMs);
  return {
    answered: (answer) => {
      if (answer.kind === 'detections') averageMs = mixed(averageMs, answer.tookMs);
      failures.tell(answer);
    },
    waited: (cameraId, waitedMs) =>
      tellOverload(overload.waited(cameraId, waitedMs, performance.now()), log),
    judge: () => stuck.judge(stalled()),
    figures: () => {
      const still = stalled();
      const stillIds = new Set(still.map(({ cameraId }) => cameraId));
      const late = overload.late(performance.now()).filter((one) => !stillIds.has(one.cameraId));
      return {
        ...(averageMs === undefined ? {} : { inferenceMs: averageMs }),
        waitMs: Math.max(overload.waitMs(), ...still.map(({ waitMs }) => waitMs)),
        isOverloaded: overload.isOverloaded() || still.length > 0,
        late: [...still, ...late],
      };
    },
  };
}

function superseded({ requestId, pixels }: InferenceRequest): InferenceAnswer {
  return { kind: 'superseded', requestId, pixels };
}

function memoryOf({ pixels }: InferenceAnswer): readonly ArrayBuffer[] {
  return pixels === undefined ? [] : [pixels.buffer as ArrayBuffer];
}

/** Said once an outage: what fails may fail for every frame of every camera. */
function createFailureTeller(log: PoolLog) {
  let isFailing = false;
  return {
    tell: (answer: InferenceAnswer): void => {
      if (answer.kind === 'superseded') return;
      if (answer.kind === 'failed' && !isFailing)
        log('error', 'inference failed; the frame is not seen', { reason: answer.reason });
      isFailing = answer.kind === 'failed';
    },
  };
}

/** Said once when it begins and once when it is over. */
function createStuckTeller(log: PoolLog) {
  let isStuck = false;
  return {
    judge: (still: readonly LateCamera[]): void => {
      if (still.length > 0 && !isStuck) {
        const cameras = still.map(({ cameraId }) => cameraId);
        log('error', 'no look has been answered for seconds', { cameras });
      }
      if (still.length === 0 && isStuck) log('info', 'looks are answered again');
      isStuck = still.length > 0;
    },
  };
}

function tellOverload(change: 'began' | 'ended' | undefined, log: PoolLog): void {
  if (change === 'began')
    log('warn', 'the box has too much to look at: quiet cameras are looked at later');
  if (change === 'ended') log('info', 'the box keeps up again');
}

function mixed(averageMs: number | undefined, newestMs: number): number {
  return (averageMs ?? newestMs) * 0.95 + newestMs * 0.05;
}
