/**
 * Owns the children of camera threads. A child belongs to the thread that started it: when a camera's worker crashes,
 * nobody would wait for its ffmpeg, which stays a zombie for as long as the box runs. So the main thread starts them,
 * with their outputs on sockets that the worker reads, ends them when their worker is gone, and sees each one off.
 * It also sees them all, and so lets only a few start in a second.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { ChildExit, FromKeeper, ToKeeper } from './child.ts';
import { createStartQueue, type StartQueue } from './start-queue.ts';

/** For one worker: handed over in its start message. */
export type FfmpegAccess = Readonly<{ port: MessagePort; folder: string }>;

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
  const leases = new Set<FfmpegLease>();
  let folder: string | undefined;
  return {
    lease: () => {
      // Only this user may enter it, so nobody else can pose as an ffmpeg.
      folder ??= mkdtempSync(join(tmpdir(), 'haoguanjia-'));
      const lease = openLease(queue, folder, () => leases.delete(lease));
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

function openLease(queue: StartQueue, folder: string, onEnd: () => void): FfmpegLease {
  const { port1, port2 } = new MessageChannel();
  const kept = new Map<number, Kept>();
  const running = new Set<Promise<void>>();
  const tell = (message: FromKeeper): void => port1.postMessage(message);

  const start = async (order: Extract<ToKeeper, { kind: 'start' }>): Promise<void> => {
    const { childId } = order;
    const entry: Kept = { child: undefined, cancel: new AbortController() };
    kept.set(childId, entry);
    const exit = await run(queue, order, entry, () => tell({ kind: 'started', childId }));
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
  return { access: { port: port2, folder }, end };
}

/** From the wait for its turn to the child's end. */
async function run(
  queue: StartQueue,
  { command, socketPath }: Extract<ToKeeper, { kind: 'start' }>,
  entry: Kept,
  onStarted: () => void,
): Promise<ChildExit> {
  const stop = entry.cancel.signal;
  if (!(await queue.turn(stop))) return { code: null, fault: 'it was not wanted any more' };
  const sockets: Socket[] = [];
  try {
    // In this order: the worker takes the first for stdout and the second for stderr.
    sockets.push(await connectTo(socketPath));
    sockets.push(await connectTo(socketPath));
    if (stop.aborted) return { code: null, fault: 'it was not wanted any more' };
    const [program, ...args] = command;
    const child = spawn(program, args, { stdio: ['ignore', ...sockets] });
    entry.child = child;
    onStarted();
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

function connectTo(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path, () => {
      socket.off('error', reject);
      socket.on('error', () => socket.destroy());
      resolve(socket);
    });
    socket.once('error', reject);
  });
}
