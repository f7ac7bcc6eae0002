/** Live pictures pushed to a WebSocket server, by real ffmpeg from a real RTSP camera with a password. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { PassThrough } from 'node:stream';
import { type Logger, pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { fragmentKind } from '../../contract/live-stream.ts';
import { createRtspServer, type RtspServer } from '../../demo/rtsp-server.ts';
import { childrenOf, runningProcesses } from '../../testing/processes.ts';
import { createLiveView, type LiveView } from './live-view.ts';

const clip = 'test-fixtures/clips/town-square.mp4';
const credentials = { username: 'admin', password: 'S3cret@Live' };
const ticket = 'ticket-0123456789abcdef';

type Received = Readonly<{
  path: string | undefined;
  authorization: string | undefined;
  texts: string[];
  pieces: Buffer[];
  socket: WebSocket;
  isOpen: () => boolean;
}>;

let rtsp: RtspServer;
let source: string;
let view: LiveView;
let collectorUrl: string;
let connections: Received[] = [];
let log = '';
const collector = createServer();
const sockets = new WebSocketServer({ server: collector });

beforeAll(async () => {
  rtsp = createRtspServer({ cameras: [{ path: 'gate', file: clip }], credentials });
  source = (await rtsp.start()).url('gate');
  sockets.on('connection', (socket, request) => {
    const received: Received = {
      path: request.url,
      authorization: request.headers.authorization,
      texts: [],
      pieces: [],
      socket,
      isOpen: () => socket.readyState === socket.OPEN,
    };
    connections.push(received);
    socket.on('message', (data, isBinary) => {
      if (!Buffer.isBuffer(data)) return;
      if (isBinary) received.pieces.push(data);
      else received.texts.push(data.toString());
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const address = collector.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  collectorUrl = `http://127.0.0.1:${port}`;
});
afterEach(async () => {
  await view.stopAll();
  connections = [];
  log = '';
});
afterAll(async () => {
  sockets.close();
  collector.close();
  await rtsp.stop();
});

function logger(): Logger {
  const stream = new PassThrough();
  stream.on('data', (line: Buffer) => {
    log += line.toString();
  });
  return pino(stream);
}

function start(format: 'fmp4' | 'mpeg1', url = collectorUrl): void {
  const cameras = [{ cameraId: 'east-gate', source, ...credentials }];
  view = createLiveView({ cameras, collectorUrl: url, logger: logger() });
  view.start({ kind: 'start-live', cameraId: 'east-gate', format, ticket });
}

const connection = (index = 0): Received => {
  const found = connections[index];
  if (found === undefined) throw new Error('the edge has not dialled in');
  return found;
};
const pieces = (count: number, index = 0) =>
  vi.waitFor(() => expect(connection(index).pieces.length).toBeGreaterThanOrEqual(count), {
    timeout: 12_000,
    interval: 20,
  });
/** ffmpeg children of this test but the RTSP server's. */
const pushing = () =>
  childrenOf(process.pid).filter(({ commandLine }) => /mpegts|frag_every/.test(commandLine));

const upperHalf: readonly (readonly [number, number])[] = [
  [0, 0],
  [1, 0],
  [1, 0.5],
  [0, 0.5],
];

/** Mean brightness of the last picture of the stream that was opened last, a little away from the middle. */
async function halvesOf(
  received: readonly Buffer[],
): Promise<Readonly<{ upper: number; lower: number }>> {
  const opened = received.findLastIndex((piece) => piece.toString('latin1', 5, 9) === 'ftyp');
  const stream = Buffer.concat(
    opened < 0 ? received : received.slice(opened).map((piece) => piece.subarray(1)),
  );
  const args = ['-v', 'error', '-i', 'pipe:0', '-vf', 'scale=64:48', '-f', 'rawvideo'];
  const { stdout } = spawnSync('ffmpeg', [...args, '-pix_fmt', 'gray', 'pipe:1'], {
    input: stream,
    maxBuffer: 64 * 1024 * 1024,
  });
  const picture = stdout.subarray(stdout.length - 64 * 48);
  const mean = (from: number, to: number): number =>
    picture.subarray(from * 64, to * 64).reduce((sum, value) => sum + value, 0) /
    ((to - from) * 64);
  return { upper: mean(0, 22), lower: mean(26, 48) };
}

describe('the live view', () => {
  test('dials in with its ticket and pushes header, initialization and fragments from a key frame on', async () => {
    start('fmp4');
    await pieces(25);
    const { path, authorization, texts, pieces: got } = connection();
    expect(path).toBe('/edge/live/east-gate');
    expect(authorization).toBe(`Bearer ${ticket}`);
    expect(texts.map((text) => JSON.parse(text))).toEqual([
      { format: 'fmp4', mime: expect.stringMatching(/^video\/mp4; codecs="avc1\./) },
    ]);
    const kinds = got.map((piece) => piece[0]);
    expect(kinds.slice(0, 2)).toEqual([fragmentKind.initialization, fragmentKind.keyFrame]);
    expect(kinds.slice(2)).toContain(fragmentKind.other);
    expect(kinds.filter((kind) => kind === fragmentKind.keyFrame).length).toBeGreaterThan(1);
    expect(got[0]?.toString('latin1', 5, 9)).toBe('ftyp');
    expect(got[1]?.toString('latin1', 5, 9)).toBe('moof');
  });

  test('shows no password on a command line nor in the log', async () => {
    for (const format of ['fmp4', 'mpeg1'] as const) {
      start(format);
      await pieces(1);
      const lines = runningProcesses().map(({ commandLine }) => commandLine);
      expect(lines.filter((line) => /S3cret|ticket-/.test(line))).toEqual([]);
      await view.stopAll();
      connections = [];
    }
    expect(log).toContain('live push started');
    expect(log).not.toMatch(/S3cret|ticket-/);
  });

  test('pushes MPEG-TS for JSMpeg without opening a port of its own', async () => {
    const stderr = vi.spyOn(process.stderr, 'write');
    start('mpeg1');
    await pieces(3);
    const { texts, pieces: got } = connection();
    expect(texts).toEqual(['{"format":"mpeg1"}']);
    const bytes = Buffer.concat(got);
    expect([bytes[0], bytes[188], bytes[376]]).toEqual([0x47, 0x47, 0x47]);
    expect(stderr.mock.calls.flat().join('')).not.toMatch(/Input #0|rtsp:/);
    stderr.mockRestore();
  });

  test('ends its ffmpeg at stop-live and when the collector hangs up', async () => {
    start('fmp4');
    await pieces(1);
    expect(pushing().length).toBe(1);
    view.stop({ cameraId: 'east-gate', format: 'fmp4' });
    await vi.waitFor(() => expect([connection().isOpen(), pushing()]).toEqual([false, []]), 5000);
    view.start({ kind: 'start-live', cameraId: 'east-gate', format: 'mpeg1', ticket });
    await pieces(1, 1);
    connection(1).socket.terminate();
    await vi.waitFor(() => expect(pushing()).toEqual([]), 5000);
  });

  test('takes a second request for a camera and format in the place of the first', async () => {
    start('fmp4');
    await pieces(1);
    view.start({ kind: 'start-live', cameraId: 'east-gate', format: 'fmp4', ticket });
    await pieces(1, 1);
    await vi.waitFor(() => expect(connection(0).isOpen()).toBe(false), 5000);
    expect(connection(1).isOpen()).toBe(true);
    await vi.waitFor(() => expect(pushing().length).toBe(1), 5000);
  });

  test('pushes both formats side by side, and ends the one that is told to', async () => {
    start('fmp4');
    await pieces(1);
    view.start({ kind: 'start-live', cameraId: 'east-gate', format: 'mpeg1', ticket });
    await pieces(1, 1);
    view.stop({ cameraId: 'east-gate', format: 'fmp4' });
    await vi.waitFor(() => expect(connection(0).isOpen()).toBe(false), 5000);
    const before = connection(1).pieces.length;
    await vi.waitFor(() => expect(connection(1).pieces.length).toBeGreaterThan(before), 5000);
    expect(connection(1).isOpen()).toBe(true);
  });

  test('starts anew with header and initialization when the camera was away', async () => {
    start('fmp4');
    await pieces(3);
    rtsp.drop('gate');
    await vi.waitFor(() => expect(log).toContain('closed the connection'), 5000);
    rtsp.resume('gate');
    const { texts, pieces: got, isOpen } = connection();
    await vi.waitFor(() => expect(texts.length).toBe(2), { timeout: 10_000, interval: 50 });
    await vi.waitFor(() =>
      expect(got.filter((piece) => piece[0] === fragmentKind.initialization).length).toBe(2),
    );
    expect(isOpen()).toBe(true);
  });

  test.each(['fmp4', 'mpeg1'] as const)(
    'shows of a masked camera nothing that is hidden, in %s, and follows a change of the mask at once',
    async (format) => {
      let masks: readonly (readonly (readonly [number, number])[])[] = [upperHalf];
      const cameras = [{ cameraId: 'east-gate', source, ...credentials }];
      view = createLiveView({ cameras, collectorUrl, masksOf: () => masks, logger: logger() });
      view.start({ kind: 'start-live', cameraId: 'east-gate', format, ticket });
      await pieces(20);
      const { upper, lower } = await halvesOf(connection().pieces);
      expect(upper).toBeLessThan(4);
      expect(lower).toBeGreaterThan(40);

      masks = [upperHalf.map(([x, y]) => [x, y + 0.5] as const)];
      view.masksChanged('east-gate');
      await vi.waitFor(() => expect(connection().texts.length).toBe(2), { timeout: 10_000 });
      const before = connection().pieces.length;
      await pieces(before + 20);
      const after = await halvesOf(
        format === 'fmp4' ? connection().pieces : connection().pieces.slice(before),
      );
      expect(after.upper).toBeGreaterThan(40);
      expect(after.lower).toBeLessThan(4);
      await view.stopAll();
      expect(readdirSync(tmpdir()).filter((name) => name.startsWith('haoguanjia-mask-'))).toEqual(
        [],
      );
    },
    40_000,
  );

  test('logs one sentence when the collector is not there or the camera is none of this box', async () => {
    start('fmp4', 'http://127.0.0.1:9');
    await vi.waitFor(() => expect(log).toContain('ECONNREFUSED'), 5000);
    expect(pushing()).toEqual([]);
    view.start({ kind: 'start-live', cameraId: 'west-gate', format: 'fmp4', ticket });
    expect(log).toContain('this box has no camera west-gate');
  });

  test('leaves a camera alone that refused its password, however often the centre asks', async () => {
    const cameras = [{ cameraId: 'east-gate', source, ...credentials, password: 'wrong' }];
    view = createLiveView({ cameras, collectorUrl, logger: logger() });
    const before = rtsp.attempts('gate');
    const ask = () =>
      view.start({ kind: 'start-live', cameraId: 'east-gate', format: 'fmp4', ticket });
    ask();
    await vi.waitFor(() => expect(connection().isOpen()).toBe(true), { timeout: 5000 });
    await vi.waitFor(() => expect(connection().isOpen()).toBe(false), { timeout: 8000 });
    for (let more = 0; more < 5; more += 1) ask();
    await vi.waitFor(() => expect(log).toMatch(/live view refused/));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(rtsp.attempts('gate')).toBe(before + 1);
    expect(connections.length).toBe(1);
  });

  test('does not even try while the analysis knows that the password is refused', async () => {
    const refusalOf = () => 'camera east-gate: refused';
    const cameras = [{ cameraId: 'east-gate', source, ...credentials }];
    view = createLiveView({ cameras, collectorUrl, refusalOf, logger: logger() });
    const before = rtsp.attempts('gate');
    view.start({ kind: 'start-live', cameraId: 'east-gate', format: 'fmp4', ticket });
    await vi.waitFor(() => expect(log).toMatch(/live view refused/));
    expect(rtsp.attempts('gate')).toBe(before);
  });
});
