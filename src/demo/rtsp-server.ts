/**
 * An RTSP server on loopback for the demo and for tests: clips that loop as cameras, RTP interleaved in the TCP
 * connection only, several readers for each camera, Digest or Basic sign-in, and faults on demand.
 */
import { createServer, type Server, type Socket } from 'node:net';
import {
  createRtspReader,
  formatRtspMessage,
  headerOf,
  type RtspHeader,
  type RtspRequest,
  type RtspUnit,
} from '../edge/camera/rtsp-message.ts';
import { createRtspFeed, type RtspFeed } from './rtsp-feed.ts';
import { createRtspGuard, type RtspCredentials, type RtspGuard } from './rtsp-guard.ts';

export type RtspServer = Readonly<{
  /** Rejects when a clip cannot be played or the port is taken. */
  start: () => Promise<Readonly<{ port: number; url: (path: string) => string }>>;
  stop: () => Promise<void>;
  /** Freezes the camera: connections stay open, no more data. */
  pause: (path: string) => void;
  /** The camera is gone: its readers are cut off and new ones refused. */
  drop: (path: string) => void;
  resume: (path: string) => void;
  /** How many connections have asked for this camera since the start, to prove that nobody hammers. */
  attempts: (path: string) => number;
}>;

/** `path` without slashes, as `gate`; `port` 0 takes a free one. */
export type RtspServerSettings = Readonly<{
  host?: string;
  port?: number;
  cameras: readonly ServedClip[];
  credentials?: RtspCredentials;
}>;

/**
 * `onTheWay` stands for a bad network or encoder: what becomes of each RTP packet; none loses it. `onDescription` is what
 * the camera makes of its session description.
 */
type ServedClip = Readonly<{
  path: string;
  file: string;
  onTheWay?: (packet: Buffer) => readonly Buffer[];
  onDescription?: (description: string) => string;
}>;

type ServedCamera = {
  readonly feed: RtspFeed;
  readonly onTheWay: NonNullable<ServedClip['onTheWay']>;
  readonly onDescription: NonNullable<ServedClip['onDescription']>;
  description: string;
  state: 'playing' | 'paused' | 'dropped';
  attempts: number;
  readonly sockets: Set<Socket>;
};

const mostWaitingBytes = 4 * 1024 * 1024;

export function createRtspServer(settings: RtspServerSettings): RtspServer {
  const host = settings.host ?? '127.0.0.1';
  const cameras = new Map<string, ServedCamera>(
    settings.cameras.map((clip) => [clip.path, servedCamera(clip)]),
  );
  const guard = createRtspGuard(settings.credentials);
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  const cameraOf = (path: string): ServedCamera => {
    const camera = cameras.get(path);
    if (camera === undefined) throw new RangeError(`no camera "${path}" is served`);
    return camera;
  };

  return {
    start: async () => {
      for (const camera of cameras.values()) camera.description = await camera.feed.start();
      server = createServer((socket) => {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket));
        serve(socket, cameras, guard);
      });
      const port = await listen(server, host, settings.port ?? 0);
      return { port, url: (path) => `rtsp://${host}:${port}/${path}` };
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        if (server?.listening === true) server.close(() => resolve());
        else resolve();
      });
      await Promise.all([...cameras.values()].map((camera) => camera.feed.stop()));
    },
    pause: (path) => {
      cameraOf(path).state = 'paused';
    },
    drop: (path) => {
      const camera = cameraOf(path);
      camera.state = 'dropped';
      for (const socket of camera.sockets) socket.destroy();
    },
    resume: (path) => {
      cameraOf(path).state = 'playing';
    },
    attempts: (path) => cameraOf(path).attempts,
  };
}

function servedCamera(clip: ServedClip): ServedCamera {
  const { file, onTheWay = (packet) => [packet], onDescription = (text) => text } = clip;
  return {
    feed: createRtspFeed(file),
    onTheWay,
    onDescription,
    description: '',
    state: 'playing',
    attempts: 0,
    sockets: new Set(),
  };
}

/** One connection: RTSP requests in, answers and interleaved packets out. */
function serve(socket: Socket, cameras: ReadonlyMap<string, ServedCamera>, guard: RtspGuard): void {
  const reader = createRtspReader();
  let unsubscribe: (() => void) | undefined;
  let asked: ServedCamera | undefined;
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    unsubscribe?.();
    asked?.sockets.delete(socket);
  });

  const answer = (request: RtspRequest): void => {
    const camera = cameras.get(pathOf(request.url));
    if (camera !== undefined && camera !== asked) {
      asked = camera;
      camera.attempts += 1;
      camera.sockets.add(socket);
    }
    if (camera?.state === 'dropped') {
      socket.destroy();
      return;
    }
    socket.write(answerTo(request, camera, guard));
    if (request.method === 'PLAY' && camera !== undefined && guard.admits(request)) {
      unsubscribe ??= camera.feed.subscribe((packet) => {
        for (const sent of camera.onTheWay(packet)) sendPacket(socket, camera, sent);
      });
    }
    if (request.method === 'TEARDOWN') socket.end();
  };

  socket.on('data', (chunk) => {
    try {
      for (const unit of reader.push(chunk)) if (isRequest(unit)) answer(unit);
    } catch {
      // Not RTSP: the connection is of no use to either side.
      socket.destroy();
    }
  });
}

function isRequest(unit: RtspUnit): unit is RtspRequest {
  return unit.kind === 'request';
}

function pathOf(url: string): string {
  const path = /^rtsp:\/\/[^/]+\/(.*)$/.exec(url)?.[1] ?? '';
  return path.replace(/\/?(?:streamid=\d+)?$/, '');
}

function answerTo(
  request: RtspRequest,
  camera: ServedCamera | undefined,
  guard: RtspGuard,
): Buffer {
  const sequence: RtspHeader = ['CSeq', headerOf(request, 'CSeq') ?? '0'];
  const say = (status: number, reason: string, headers: readonly RtspHeader[] = [], body = '') =>
    formatRtspMessage({
      kind: 'response',
      status,
      reason,
      headers: [sequence, ...headers],
      body: Buffer.from(body),
    });
  if (request.method === 'OPTIONS') {
    return say(200, 'OK', [['Public', 'OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER']]);
  }
  if (!guard.admits(request)) return say(401, 'Unauthorized', guard.challenge());
  if (camera === undefined) return say(404, 'Not Found');
  switch (request.method) {
    case 'DESCRIBE':
      return say(
        200,
        'OK',
        [
          ['Content-Base', `${request.url}/`],
          ['Content-Type', 'application/sdp'],
        ],
        camera.onDescription(camera.description),
      );
    case 'SETUP':
      return /RTP\/AVP\/TCP/.test(headerOf(request, 'Transport') ?? '')
        ? say(200, 'OK', [
            ['Transport', 'RTP/AVP/TCP;unicast;interleaved=0-1'],
            ['Session', '1;timeout=60'],
          ])
        : say(461, 'Unsupported Transport');
    case 'PLAY':
      return say(200, 'OK', [
        ['Session', '1'],
        ['RTP-Info', `url=${request.url}/streamid=0`],
      ]);
    default:
      return say(200, 'OK', [['Session', '1']]);
  }
}

function sendPacket(socket: Socket, camera: ServedCamera, packet: Buffer): void {
  if (camera.state !== 'playing') return;
  if (socket.writableLength > mostWaitingBytes) {
    socket.destroy();
    return;
  }
  const head = Buffer.from([0x24, 0, packet.length >> 8, packet.length & 0xff]);
  socket.write(Buffer.concat([head, packet]));
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
