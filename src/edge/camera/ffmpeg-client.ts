/** A worker's way to the children that the main thread keeps for it: they are started there and read here. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, Socket } from 'node:net';
import { join } from 'node:path';
import type { Child, ChildExit, FromKeeper, StartChild, ToKeeper } from './child.ts';
import type { FfmpegAccess } from './ffmpeg-keeper.ts';

type Wanted = Readonly<{ onStarted: () => void; onExited: (exit: ChildExit) => void }>;

/** One for each lease. */
export function createFfmpegClient({ port, folder }: FfmpegAccess): StartChild {
  const mark = randomBytes(6).toString('hex');
  const wanted = new Map<number, Wanted>();
  let lastId = 0;
  const post = (message: ToKeeper): void => port.postMessage(message);
  port.on('message', (message: FromKeeper) => {
    const one = wanted.get(message.childId);
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
    const outputs = await openOutputs(socketPath);
    const exited = promiseToKeep<ChildExit>();
    const started = new Promise<boolean>((resolve) => {
      const onExited = (exit: ChildExit): void => {
        resolve(false);
        exited.resolve(exit);
      };
      wanted.set(childId, { onStarted: () => resolve(true), onExited });
    });
    port.ref();
    post({ kind: 'start', childId, command, socketPath });
    const cancel = (): void => post({ kind: 'cancel', childId });
    stop.addEventListener('abort', cancel);
    if (stop.aborted) cancel();
    const isRunning = await started;
    stop.removeEventListener('abort', cancel);
    if (!isRunning) outputs.close();
    if (!isRunning && stop.aborted) return undefined;
    const kill: Child['kill'] = (signal) => post({ kind: 'kill', childId, signal });
    return childOf(await outputs.sockets, exited.promise, kill);
  };
}

function childOf(
  [stdout, stderr]: readonly [Socket, Socket],
  exited: Promise<ChildExit>,
  kill: Child['kill'],
): Child {
  const ended = Promise.all([closeOf(stdout), closeOf(stderr)]);
  return { stdout, stderr, kill, closed: ended.then(() => exited) };
}

function closeOf(socket: Socket): Promise<unknown> {
  return socket.closed ? Promise.resolve() : once(socket, 'close');
}

type Outputs = Readonly<{
  /** stdout, then stderr; after `close` those that have not come are ended ones. */
  sockets: Promise<readonly [Socket, Socket]>;
  close: () => void;
}>;

async function openOutputs(path: string): Promise<Outputs> {
  const taken: Socket[] = [];
  const both = promiseToKeep<readonly [Socket, Socket]>();
  const server: Server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    taken.push(socket);
    const [stdout, stderr] = taken;
    if (stdout === undefined || stderr === undefined) return;
    server.close();
    both.resolve([stdout, stderr]);
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    sockets: both.promise,
    close: () => {
      server.close();
      const [stdout = endedSocket(), stderr = endedSocket()] = taken;
      both.resolve([stdout, stderr]);
    },
  };
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
