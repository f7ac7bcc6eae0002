/** A worker's way to the children that the main thread keeps for it: they are started there and read here. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, Socket } from 'node:net';
import { join } from 'node:path';
import type { Child, ChildExit, FromKeeper, StartChild, ToKeeper } from './child.ts';
import type { FfmpegAccess } from './ffmpeg-keeper.ts';

type Wanted = Readonly<{
  onListening: () => void;
  onStarted: () => void;
  onExited: (exit: ChildExit) => void;
}>;

/** As much as a local socket holds: a picture comes in few pieces. */
const readBytes = 256 * 1024;

/** One for each lease. */
export function createFfmpegClient({ port, folder }: FfmpegAccess): StartChild {
  const mark = randomBytes(6).toString('hex');
  const wanted = new Map<number, Wanted>();
  let lastId = 0;
  const post = (message: ToKeeper): void => port.postMessage(message);
  port.on('message', (message: FromKeeper) => {
    const one = wanted.get(message.childId);
    if (message.kind === 'listening') return one?.onListening();
    if (message.kind === 'started') return one?.onStarted();
    const { childId, code, fault } = message;
    wanted.delete(childId);
    if (wanted.size === 0) port.unref();
    one?.onExited({ code, ...(fault === undefined ? {} : { fault }) });
  });
  port.unref();

  return async (command, stop) => {
    lastId += 1;
    const childId = lastId;
    const socketPath = join(folder, `${mark}-${childId}`);
    let outputs: Promise<Outputs> | undefined;
    const exited = promiseToKeep<ChildExit>();
    const started = new Promise<boolean>((resolve) => {
      wanted.set(childId, {
        onListening: () => {
          outputs = connectOutputs(socketPath);
        },
        onStarted: () => resolve(true),
        onExited: (exit) => {
          resolve(false);
          exited.resolve(exit);
        },
      });
    });
    port.ref();
    post({ kind: 'start', childId, command, socketPath });
    const cancel = (): void => post({ kind: 'cancel', childId });
    stop.addEventListener('abort', cancel);
    if (stop.aborted) cancel();
    const isRunning = await started;
    stop.removeEventListener('abort', cancel);
    const sockets = (await outputs) ?? ([endedSocket(), endedSocket()] as const);
    if (!isRunning && stop.aborted) {
      for (const socket of sockets) socket.destroy();
      return undefined;
    }
    const kill: Child['kill'] = (signal) => post({ kind: 'kill', childId, signal });
    return childOf(sockets, exited.promise, kill);
  };
}

function childOf(
  [stdout, stderr]: Outputs,
  exited: Promise<ChildExit>,
  kill: Child['kill'],
): Child {
  const ended = Promise.all([closeOf(stdout), closeOf(stderr)]);
  return { stdout, stderr, kill, closed: ended.then(() => exited) };
}

function closeOf(socket: Socket): Promise<unknown> {
  return socket.closed ? Promise.resolve() : once(socket, 'close');
}

type Outputs = readonly [stdout: Socket, stderr: Socket];

/** The owner takes the first for stdout and the second for stderr. */
async function connectOutputs(path: string): Promise<Outputs> {
  const stdout = connectForBytes(path);
  await settled(stdout);
  const stderr = quietly(connect(path));
  await settled(stderr);
  return [stdout, stderr];
}

/**
 * Reads into the same memory again and again: a new piece of memory for each piece of a picture is garbage of several
 * megabytes a second.
 */
function connectForBytes(path: string): Socket {
  const socket: Socket = connect({
    path,
    onread: {
      buffer: Buffer.allocUnsafeSlow(readBytes),
      callback: (length, bytes) => {
        socket.emit('data', Buffer.from(bytes.buffer, bytes.byteOffset, length));
        return true;
      },
    },
  });
  return quietly(socket);
}

/** What goes wrong with it is seen by its end. */
function quietly(socket: Socket): Socket {
  return socket.on('error', () => socket.destroy());
}

async function settled(socket: Socket): Promise<void> {
  await Promise.race([once(socket, 'connect'), closeOf(socket)]).catch(() => undefined);
}

function endedSocket(): Socket {
  return new Socket().destroy();
}

function promiseToKeep<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((keep) => {
    resolve = keep;
  });
  return { promise, resolve: (value: Value): void => resolve(value) };
}
