/**
 * Owns the children of camera threads. A child belongs to the thread that started it: when a camera's worker crashes,
 * nobody would wait for its ffmpeg, which stays a zombie for as long as the box runs. So the main thread starts them,
 * with their outputs on sockets that the worker has connected to, ends them when their worker is gone, and sees each one off.
 * It also sees them all, and so lets only a few start in a second, and fewer be ended for their silence.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { ChildExit, FromKeeper, ToKeeper } from './child.ts';
import { createRestartBudget, type RestartBudget } from './restart-budget.ts';
import { createStartQueue, type StartQueue } from './start-queue.ts';

/** For one worker: handed over in its start message. */
export type FfmpegAccess = Readonly<{ port: MessagePort; folder: string; budget: RestartBudget }>;

export type FfmpegLease = Readonly<{
  access: FfmpegAccess;
  /** Kills what the worker has left; resolves when all of it is gone. */
  end: () => Promise<void>;
}>;

export type FfmpegKeeper = Readonly<{
  lease: () => FfmpegLease;
  /** Ends every lease and removes the folder of sockets. */
  close: () => Promise<void>;
}>;

const mostStartsPerSecond = 4;

/** Throws when the system's folder for temporary files cannot be written. */
export function createFfmpegKeeper(startsPerSecond = mostStartsPerSecond): FfmpegKeeper {
  const queue = createStartQueue(1000 / startsPerSecond);
  const budget = createRestartBudget();
  const leases = new Set<FfmpegLease>();
  let folder: string | undefined;
  return {
    lease: () => {
      // Only this user may enter it, so nobody else can pose as an ffmpeg.
      folder ??= mkdtempSync(join(tmpdir(), 'haoguanjia-'));
      const lease = openLease({ queue, budget }, folder, () => leases.delete(lease));
      leases.add(lease);
      return lease;
    },
    close: async () => {
      await Promise.all([...leases].map((lease) => lease.end()));
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
      folder = undefined;
    },
  };
}

type Kept = { child: ChildProcess | undefined; readonly cancel: AbortController };

type Shared = Readonly<{ queue: StartQueue; budget: RestartBudget }>;

function openLease({ queue, budget }: Shared, folder: string, onEnd: () => void): FfmpegLease {
  const { port1, port2 } = new MessageChannel();
  const kept = new Map<number, Kept>();
  const running = new Set<Promise<void>>();
  const tell = (message: FromKeeper): void => port1.postMessage(message);

  const start = async (order: Extract<ToKeeper, { kind: 'start' }>): Promise<void> => {
    const { childId } = order;
    const entry: Kept = { child: undefined, cancel: new AbortController() };
    kept.set(childId, entry);
    const exit = await run(queue, order, entry, (kind) => tell({ kind, childId }));
    kept.delete(childId);
    tell({ kind: 'exited', childId, ...exit });
  };
  const end = async (): Promise<void> => {
    port1.close();
    for (const { child, cancel } of kept.values()) {
      cancel.abort();
      child?.kill('SIGKILL');
    }
    await Promise.all(running);
    onEnd();
  };

  port1.on('message', (message: ToKeeper) => {
    switch (message.kind) {
      case 'start': {
        const run = start(message).finally(() => running.delete(run));
        running.add(run);
        break;
      }
      case 'cancel':
        kept.get(message.childId)?.cancel.abort();
        break;
      case 'kill':
        kept.get(message.childId)?.child?.kill(message.signal);
        break;
      default:
        message satisfies never;
    }
  });
  // The worker is gone, however it went.
  port1.on('close', () => void end());
  port1.unref();
  return { access: { port: port2, folder, budget }, end };
}

/** From the wait for its turn to the child's end. */
async function run(
  queue: StartQueue,
  { command, socketPath }: Extract<ToKeeper, { kind: 'start' }>,
  entry: Kept,
  tell: (kind: 'listening' | 'started') => void,
): Promise<ChildExit> {
  const stop = entry.cancel.signal;
  if (!(await queue.turn(stop))) return { code: null, fault: 'it was not wanted any more' };
  const sockets: Socket[] = [];
  try {
    await bothOutputs(socketPath, sockets, stop, () => tell('listening'));
    if (stop.aborted) return { code: null, fault: 'it was not wanted any more' };
    const [program, ...args] = command;
    const child = spawn(program, args, { stdio: ['ignore', ...sockets] });
    entry.child = child;
    tell('started');
    // The child has its own hold of them now; the reader must see the end when the child ends.
    for (const socket of sockets) socket.destroy();
    return await exitOf(child);
  } catch (error) {
    return { code: null, fault: String(error) };
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

function exitOf(child: ChildProcess): Promise<ChildExit> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve({ code: null, fault: error.message });
    });
    child.once('exit', (code) => resolve({ code }));
  });
}

/** Adds the worker's two connections in the order in which they come, or fewer when `stop` comes first. */
function bothOutputs(
  path: string,
  sockets: Socket[],
  stop: AbortSignal,
  onListening: () => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    // Closed, it still waits for its connections to end, which the child now holds.
    const enough = (): void => {
      stop.removeEventListener('abort', enough);
      server.close();
      resolve();
    };
    const server: Server = createServer({ pauseOnConnect: true }, (socket) => {
      socket.on('error', () => socket.destroy());
      sockets.push(socket);
      if (sockets.length === 2) enough();
    });
    stop.addEventListener('abort', enough);
    server.once('error', reject);
    server.listen(path, onListening);
  });
}
