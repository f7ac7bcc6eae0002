/**
 * Peers that no RTSP client should meet, for tests: they answer too much, too long, too slowly, or something else.
 * Each serves every connection in its own way until it is closed.
 */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import {
  createRtspReader,
  formatRtspMessage,
  headerOf,
  type RtspHeader,
  type RtspRequest,
} from '../edge/camera/rtsp-message.ts';
import { claimedPicture } from './h264-bits.ts';

export type Hostility =
  /** Announces ten megabytes of session description, and sends them. */
  | 'huge-description'
  /** Sends headers for ever. */
  | 'endless-headers'
  /** Sends random bytes for ever. */
  | 'garbage'
  /** Sends one byte of its answer every 200 ms. */
  | 'slow-loris'
  /** Accepts and says nothing. */
  | 'silent'
  /** Plays, but sends packets of random bytes as fast as they are taken. */
  | 'flood'
  /** Plays, but what it sends claims a picture of 16384x16384. */
  | 'giant-picture'
  /** Plays, but sends one byte of a packet every 200 ms. */
  | 'dribble'
  | 'audio-only'
  | 'unknown-codec'
  /** Sends its reader elsewhere. */
  | 'redirect';

export type HostileCamera = Readonly<{
  url: string;
  connections: () => number;
  sentBytes: () => number;
  close: () => Promise<void>;
}>;

/** `elsewhere` is where `redirect` sends its readers; `port` 0 takes a free one. */
export async function openHostileCamera(
  hostility: Hostility,
  elsewhere = 'rtsp://127.0.0.1:9/x',
  ownPort = 0,
): Promise<HostileCamera> {
  const sockets = new Set<Socket>();
  let [connections, sent] = [0, 0];
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      sent += socket.bytesWritten;
    });
    behave(hostility, socket, elsewhere);
  });
  server.listen(ownPort, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `rtsp://127.0.0.1:${port}/${hostility}`,
    connections: () => connections,
    sentBytes: () => [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, sent),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function behave(hostility: Hostility, socket: Socket, elsewhere: string): void {
  switch (hostility) {
    case 'garbage':
      pour(socket, randomChunk(64 * 1024));
      break;
    case 'silent':
      socket.resume();
      break;
    case 'endless-headers':
      socket.once('data', () => {
        socket.write('RTSP/1.0 200 OK\r\n');
        pour(socket, Buffer.from('X-More: of the same\r\n'.repeat(500)));
      });
      break;
    case 'slow-loris':
      socket.once('data', () =>
        drip(socket, 'RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: DESCRIBE\r\n\r\n'),
      );
      break;
    default:
      converse(hostility, socket, elsewhere);
  }
}

function converse(hostility: Hostility, socket: Socket, elsewhere: string): void {
  const reader = createRtspReader();
  socket.on('data', (chunk) => {
    for (const unit of reader.push(chunk)) {
      if (unit.kind !== 'request') continue;
      if (unit.method === 'DESCRIBE') describe(hostility, socket, unit, elsewhere);
      else socket.write(reply(unit, transportOf(unit)));
      if (unit.method === 'PLAY') play(hostility, socket);
    }
  });
}

function play(hostility: Hostility, socket: Socket): void {
  if (hostility === 'giant-picture') repeat(socket, giantPicture());
  else if (hostility === 'dribble') drip(socket, floodOf().toString('latin1'));
  else pour(socket, floodOf());
}

function describe(
  hostility: Hostility,
  socket: Socket,
  request: RtspRequest,
  elsewhere: string,
): void {
  if (hostility === 'redirect') {
    socket.write(reply(request, [['Location', elsewhere]], '', 302));
    return;
  }
  const headers: RtspHeader[] = [['Content-Type', 'application/sdp']];
  if (hostility !== 'huge-description') {
    socket.write(reply(request, headers, descriptionOf(hostility)));
    return;
  }
  const sequence = headerOf(request, 'CSeq') ?? '0';
  socket.write(
    `RTSP/1.0 200 OK\r\nCSeq: ${sequence}\r\nContent-Type: application/sdp\r\nContent-Length: 10000000\r\n\r\nv=0\r\n`,
  );
  pour(socket, Buffer.from('a=x-more:of the same\r\n'.repeat(500)));
}

function descriptionOf(hostility: Hostility): string {
  const codec = hostility === 'unknown-codec' ? 'X-OWN' : 'H264';
  const media =
    hostility === 'audio-only'
      ? ['m=audio 0 RTP/AVP 8', 'a=rtpmap:8 PCMA/8000']
      : ['m=video 0 RTP/AVP 96', `a=rtpmap:96 ${codec}/90000`];
  const session = ['v=0', 'o=- 0 0 IN IP4 127.0.0.1', 's=x', 'c=IN IP4 0.0.0.0', 't=0 0'];
  return `${[...session, ...media, 'a=control:streamid=0'].join('\r\n')}\r\n`;
}

function transportOf(request: RtspRequest): readonly RtspHeader[] {
  const session: RtspHeader = ['Session', '1'];
  return request.method === 'SETUP'
    ? [session, ['Transport', 'RTP/AVP/TCP;unicast;interleaved=0-1']]
    : [session];
}

function reply(
  request: RtspRequest,
  headers: readonly RtspHeader[],
  body = '',
  status = 200,
): Buffer {
  return formatRtspMessage({
    kind: 'response',
    status,
    reason: 'As You Like',
    headers: [['CSeq', headerOf(request, 'CSeq') ?? '0'], ...headers],
    body: Buffer.from(body),
  });
}

/** The same bytes again and again, as fast as the reader takes them. */
function pour(socket: Socket, chunk: Buffer): void {
  while (socket.writable && socket.write(chunk));
  if (socket.writable) socket.once('drain', () => pour(socket, chunk));
}

function drip(socket: Socket, text: string): void {
  if (!socket.writable || text === '') return;
  socket.write(text.slice(0, 1), 'latin1');
  setTimeout(() => drip(socket, text.slice(1)), 200);
}

/** Ten times a second. */
function repeat(socket: Socket, pictureOf: (count: number) => Buffer, count = 0): void {
  if (!socket.writable) return;
  socket.write(pictureOf(count));
  setTimeout(() => repeat(socket, pictureOf, count + 1), 100);
}

function giantPicture(): (count: number) => Buffer {
  const { sequenceSet, pictureSet, slice } = claimedPicture(16_384, 16_384, randomChunk(900));
  return (count) =>
    Buffer.concat(
      [sequenceSet, pictureSet, slice].map((unit, at) => {
        const head = Buffer.alloc(16);
        head.set([0x24, 0, (unit.length + 12) >> 8, (unit.length + 12) & 0xff, 0x80]);
        head.writeUInt8(at === 2 ? 0xe0 : 0x60, 5);
        head.writeUInt16BE((count * 3 + at) % 65_536, 6);
        head.writeUInt32BE(count * 9000, 8);
        return Buffer.concat([head, unit]);
      }),
    );
}

/** Interleaved frames with a plausible RTP head and nonsense in them. */
function floodOf(): Buffer {
  const frames = Array.from({ length: 40 }, (_, index) => {
    const payload = randomChunk(1400);
    payload.set([0x80, 0x60, 0, index]);
    return Buffer.concat([
      Buffer.from([0x24, 0, payload.length >> 8, payload.length & 0xff]),
      payload,
    ]);
  });
  return Buffer.concat(frames);
}

/** Nonsense, the same in every run. */
function randomChunk(bytes: number): Buffer {
  let state = 12_345;
  return Buffer.from(
    Array.from({ length: bytes }, () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return (state >> 16) & 0xff;
    }),
  );
}
