/**
 * A device that takes sound by HTTP, as the makers' descriptions say: it demands a password (Digest), takes one talker at a
 * time, and keeps what it hears. Made of a bare socket, because such devices read sound where a web server expects nothing.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

export type HttpSpeaker = Readonly<{
  url: string;
  /** `METHOD path` of every request that showed the right password. */
  requests: readonly string[];
  /** The heads of those that carried sound. */
  soundHeads: readonly string[];
  /** The sound of every talk. */
  heard: () => readonly Buffer[];
  /** The next talk is refused with this status, cut after so many bytes, or not read after the first bytes. */
  fault: (
    fault:
      | Readonly<{ status: number }>
      | Readonly<{ cutAfterBytes: number }>
      | Readonly<{ stalls: true }>,
  ) => void;
  /** Those that stalled read on. */
  readOn: () => void;
  stop: () => Promise<void>;
}>;

const nonce = 'f00f';
const realm = 'speaker';
const talks = /transmit\.cgi|postAudio|audioData/;

export async function startHttpSpeaker(
  account: Readonly<{ username: string; password: string }>,
  channelsXml = '',
): Promise<HttpSpeaker> {
  const [requests, soundHeads]: [string[], string[]] = [[], []];
  const sounds: Buffer[][] = [];
  const sockets = new Set<Socket>();
  let fault: Readonly<{ status?: number; cutAfterBytes?: number; stalls?: true }> = {};

  const hear = (socket: Socket, first: Buffer): void => {
    const sound = [first];
    sounds.push(sound);
    const { cutAfterBytes = Infinity, stalls = false } = fault;
    socket.on('data', (bytes) => {
      if (stalls && sound.length === 1) socket.pause();
      sound.push(bytes);
      if (Buffer.concat(sound).length > cutAfterBytes) socket.destroy();
    });
  };

  const take = (socket: Socket, head: string, rest: Buffer): void => {
    const [, method = '', path = ''] = /^(\w+) (\S+) HTTP/.exec(head) ?? [];
    if (!isRight(head, method, path, account)) {
      const demand = `WWW-Authenticate: Digest realm="${realm}", nonce="${nonce}", qop="auth"\r\n`;
      answer(socket, 401, demand);
      socket.end();
      return;
    }
    requests.push(`${method} ${path}`);
    if (!talks.test(path)) {
      answer(socket, 200, '', path.endsWith('/channels') ? channelsXml : 'OK');
      socket.end();
    } else if (fault.status !== undefined) {
      answer(socket, fault.status);
      socket.end();
    } else {
      // Only ISAPI answers before the sound.
      if (path.includes('audioData')) answer(socket, 200);
      soundHeads.push(head);
      hear(socket, rest);
    }
  };

  const server = createServer((socket) => {
    sockets.add(socket);
    readHead(socket, take);
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    soundHeads,
    heard: () => sounds.map((sound) => Buffer.concat(sound)),
    fault: (next) => {
      fault = next;
    },
    readOn: () => {
      for (const socket of sockets) socket.resume();
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function answer(socket: Socket, status: number, headers = '', body = ''): void {
  const length = `Content-Length: ${Buffer.byteLength(body)}\r\n`;
  socket.write(`HTTP/1.1 ${status} Answer\r\n${headers}${length}\r\n${body}`);
}

function readHead(
  socket: Socket,
  take: (socket: Socket, head: string, rest: Buffer) => void,
): void {
  socket.on('error', () => undefined);
  let received = Buffer.alloc(0);
  const read = (bytes: Buffer): void => {
    received = Buffer.concat([received, bytes]);
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) return;
    socket.off('data', read);
    take(socket, received.subarray(0, end).toString(), received.subarray(end + 4));
  };
  socket.on('data', read);
}

function isRight(
  head: string,
  method: string,
  path: string,
  { username, password }: Readonly<{ username: string; password: string }>,
): boolean {
  const shown = /^authorization: digest (.*)$/im.exec(head)?.[1] ?? '';
  const field = (name: string): string =>
    new RegExp(`\\b${name}="?([^",]*)"?`).exec(shown)?.[1] ?? '';
  const hash = (text: string): string => createHash('md5').update(text).digest('hex');
  const expected = hash(
    [
      hash(`${username}:${realm}:${password}`),
      nonce,
      field('nc'),
      field('cnonce'),
      'auth',
      hash(`${method}:${path}`),
    ].join(':'),
  );
  return field('username') === username && field('uri') === path && field('response') === expected;
}
