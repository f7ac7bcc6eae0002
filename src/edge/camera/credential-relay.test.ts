/** The relay between ffmpeg and a camera, against a real RTSP server and against a peer of our own. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { RtspSource } from './camera-source.ts';
import { type CredentialRelay, openCredentialRelay } from './credential-relay.ts';
import { createRtspReader, formatRtspMessage, headerOf, type RtspRequest } from './rtsp-message.ts';

const opened: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

type Answer = (request: RtspRequest) => Buffer | undefined;

/** A camera whose answers the test writes. */
async function fakeCamera(answer: Answer): Promise<RtspSource & { requests: RtspRequest[] }> {
  const requests: RtspRequest[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    const reader = createRtspReader();
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      for (const unit of reader.push(chunk)) {
        if (unit.kind !== 'request') continue;
        requests.push(unit);
        const reply = answer(unit);
        if (reply === undefined) socket.destroy();
        else socket.write(reply);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    kind: 'rtsp',
    host: '127.0.0.1',
    port,
    tls: false,
    address: `rtsp://127.0.0.1:${port}/cam1`,
    place: `rtsp://127.0.0.1:${port}/cam1`,
    credentials: { username: 'admin', password: 'S3cret' },
    requests,
  };
}

async function relayTo(source: RtspSource): Promise<CredentialRelay> {
  const relay = await openCredentialRelay(source);
  opened.push(relay.close);
  return relay;
}

/** What ffmpeg would be: sends requests one after another and keeps what comes back. */
function client(relay: CredentialRelay) {
  const socket = connect(Number(new URL(relay.url).port), '127.0.0.1');
  opened.push(() => void socket.destroy());
  let received = '';
  let closed = false;
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
  });
  socket.on('close', () => {
    closed = true;
  });
  return {
    send: (text: string) => socket.write(text),
    request: (method: string, url: string, sequence: number, more = '') =>
      socket.write(`${method} ${url} RTSP/1.0\r\nCSeq: ${sequence}\r\n${more}\r\n`),
    receives: (text: string | RegExp) => vi.waitFor(() => expect(received).toMatch(text)),
    ends: () => vi.waitFor(() => expect(closed).toBe(true), { timeout: 8000 }),
    received: () => received,
  };
}

function reply(
  request: RtspRequest,
  status: number,
  headers: readonly [string, string][] = [],
): Buffer {
  return formatRtspMessage({
    kind: 'response',
    status,
    reason: status === 200 ? 'OK' : 'No',
    headers: [['CSeq', headerOf(request, 'CSeq') ?? ''], ...headers],
    body: Buffer.alloc(0),
  });
}

const challenge = (nonce: string, more = ''): [string, string] => [
  'WWW-Authenticate',
  `Digest realm="camera", nonce="${nonce}"${more}`,
];

describe('the credential relay', () => {
  test('answers a challenge by itself and shows the client neither challenge nor number', async () => {
    const camera = await fakeCamera((request) =>
      headerOf(request, 'Authorization') === undefined
        ? reply(request, 401, [challenge('one')])
        : reply(request, 200),
    );
    const relay = await relayTo(camera);
    const ffmpeg = client(relay);
    ffmpeg.request('DESCRIBE', relay.url, 7);
    await ffmpeg.receives(/^RTSP\/1\.0 200 OK\r\nCSeq: 7\r\n/);
    ffmpeg.request('SETUP', `${relay.url}/streamid=0`, 8, 'Transport: RTP/AVP/TCP\r\n');
    await ffmpeg.receives(/CSeq: 8/);
    expect(ffmpeg.received()).not.toContain('401');
    const urls = camera.requests.map(({ method, url }) => `${method} ${url}`);
    const [own, track] = [camera.address, `${camera.address}/streamid=0`];
    expect(urls).toEqual([`DESCRIBE ${own}`, `DESCRIBE ${own}`, `SETUP ${track}`]);
    expect(headerOf(camera.requests[2] ?? fail(), 'Authorization')).toContain(`uri="${track}"`);
    expect(relay.failure()).toBeUndefined();
  });

  test('asks once with wrong credentials and says so', async () => {
    const camera = await fakeCamera((request) => reply(request, 401, [challenge('one')]));
    const relay = await relayTo(camera);
    const ffmpeg = client(relay);
    ffmpeg.request('DESCRIBE', relay.url, 1);
    await ffmpeg.receives(/401/);
    expect(camera.requests.length).toBe(2);
    expect(relay.failure()).toEqual({ kind: 'unauthorized', hadCredentials: true });
  });

  test('answers again when the nonce has grown old', async () => {
    const nonces = ['one', 'two', 'three'];
    const camera = await fakeCamera((request) => {
      const given = headerOf(request, 'Authorization') ?? '';
      if (given.includes('nonce="two"')) return reply(request, 200);
      return reply(request, 401, [challenge(nonces.shift() ?? '', ', stale=TRUE')]);
    });
    const relay = await relayTo(camera);
    const ffmpeg = client(relay);
    ffmpeg.request('DESCRIBE', relay.url, 1);
    await ffmpeg.receives(/200 OK/);
  });

  test('passes pictures through untouched, in both directions', async () => {
    const packet = Buffer.from([0x24, 0, 0, 5, 1, 2, 0x24, 0x0d, 0xff]);
    const camera = await fakeCamera((request) =>
      Buffer.concat([reply(request, 200), packet, packet, packet]),
    );
    const relay = await relayTo(camera);
    const ffmpeg = client(relay);
    ffmpeg.request('PLAY', relay.url, 3);
    const all = Buffer.concat([packet, packet, packet]).toString('latin1');
    await vi.waitFor(() => expect(ffmpeg.received().endsWith(all)).toBe(true));
  });

  test('refuses UDP itself, for pictures come inside the connection only', async () => {
    const camera = await fakeCamera((request) => reply(request, 200));
    const relay = await relayTo(camera);
    const ffmpeg = client(relay);
    ffmpeg.request('OPTIONS', relay.url, 1);
    ffmpeg.request('SETUP', relay.url, 2, 'Transport: RTP/AVP/UDP;client_port=5000-5001\r\n');
    await ffmpeg.receives(/461 Unsupported Transport\r\nCSeq: 2/);
    expect(camera.requests.map(({ method }) => method)).not.toContain('SETUP');
  });

  test('takes only one connection, and only one that knows the token', async () => {
    const camera = await fakeCamera((request) => reply(request, 200));
    const relay = await relayTo(camera);
    const stranger = client(relay);
    stranger.request('OPTIONS', `rtsp://127.0.0.1:${new URL(relay.url).port}/cam1`, 1);
    await stranger.ends();
    const ffmpeg = client(relay);
    ffmpeg.request('OPTIONS', relay.url, 1);
    await ffmpeg.receives(/200 OK/);
    await client(relay).ends();
    expect(camera.requests.length).toBe(1);
  });

  test.each([
    ['a peer that speaks something else', () => Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), 'not-rtsp'],
    ['a peer that hangs up', () => undefined, 'ended'],
    ['a peer whose head never ends', () => Buffer.alloc(20_000, 'X: y\r\n'), 'oversized'],
  ])('ends with the reason at %s', async (_, answer, kind) => {
    const relay = await relayTo(await fakeCamera(answer));
    const ffmpeg = client(relay);
    ffmpeg.request('OPTIONS', relay.url, 1);
    await ffmpeg.ends();
    expect(relay.failure()).toEqual({ kind });
  });

  test('shows its client no redirection, which it would follow past the relay', async () => {
    const camera = await fakeCamera((request) =>
      reply(request, 302, [['Location', 'rtsp://192.0.2.1/elsewhere']]),
    );
    const relay = await relayTo(camera);
    const ffmpeg = client(relay);
    ffmpeg.request('DESCRIBE', relay.url, 1);
    await ffmpeg.ends();
    expect(ffmpeg.received()).toBe('');
    expect(relay.failure()).toMatchObject({ kind: 'refused', status: 302 });
  });

  test('gives a camera five seconds for its first answer', async () => {
    const relay = await relayTo(await fakeCamera(() => Buffer.alloc(0)));
    const ffmpeg = client(relay);
    ffmpeg.request('OPTIONS', relay.url, 1);
    await ffmpeg.ends();
    expect(relay.failure()).toEqual({ kind: 'no-answer' });
  });

  test('ends with the reason when nobody listens', async () => {
    const camera = await fakeCamera(() => undefined);
    const relay = await relayTo({ ...camera, port: 9 });
    const ffmpeg = client(relay);
    ffmpeg.request('OPTIONS', relay.url, 1);
    await ffmpeg.ends();
    expect(relay.failure()).toEqual({ kind: 'unreachable', code: 'ECONNREFUSED' });
  });
});

function fail(): never {
  throw new Error('a third request was expected');
}
