/**
 * Stands on loopback between one ffmpeg and one camera, so that neither address nor credentials are ever on a command
 * line: it takes a single connection that knows its token, forwards it to the camera (over TLS for rtsps), answers the
 * camera's challenge, and passes the pictures through untouched. It also knows why a camera cannot be reached and which
 * packets are missing, and takes from it neither more nor longer messages than a camera sends.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { connectToCamera } from './camera-connection.ts';
import type { RelayFailure } from './camera-failure.ts';
import type { RtspSource } from './camera-source.ts';
import { createFloodLimit } from './flood-limit.ts';
import { createPacketGaps } from './packet-gaps.ts';
import { createRelaySigner } from './relay-signer.ts';
import { framingFailure, isRedirection, unwantedOffer } from './rtsp-answer.ts';
import {
  createRtspReader,
  formatRtspMessage,
  headerOf,
  RtspFramingError,
  type RtspRequest,
  type RtspResponse,
  type RtspUnit,
} from './rtsp-message.ts';

export type CredentialRelay = Readonly<{
  /** What ffmpeg opens. */
  url: string;
  /** The first thing that went wrong, if anything did. */
  failure: () => RelayFailure | undefined;
  close: () => Promise<void>;
}>;

/** To the first answer of all; what comes after it is for the watchdog of pictures. */
const answerWithinMs = 5000;

type Exchange = Readonly<{
  source: RtspSource;
  client: Socket;
  camera: Socket;
  localBase: string;
  fail: (failure: RelayFailure) => void;
  onHarmed: (pictures: number) => void;
}>;

/** Rejects only when loopback itself gives no port. `onHarmed` is told how many pictures lost packets on the way. */
export async function openCredentialRelay(
  source: RtspSource,
  onHarmed: (pictures: number) => void = () => undefined,
): Promise<CredentialRelay> {
  const token = randomBytes(18).toString('base64url');
  const sockets = new Set<Socket>();
  let failure: RelayFailure | undefined;
  let taken = false;
  const fail = (met: RelayFailure): void => {
    failure ??= met;
  };
  const server = createServer((client) => {
    sockets.add(client);
    client.on('close', () => sockets.delete(client));
    client.on('error', () => client.destroy());
    client.once('data', (first) => {
      if (taken || !first.subarray(0, 512).includes(`/${token}`)) {
        client.destroy();
        return;
      }
      taken = true;
      server.close();
      const camera = connectToCamera(source, fail);
      sockets.add(camera);
      camera.on('close', () => sockets.delete(camera));
      relay({ source, client, camera, localBase, fail, onHarmed }, first);
    });
  });
  const localBase = `rtsp://127.0.0.1:${await listenOnLoopback(server)}/${token}`;

  return {
    url: localBase,
    failure: () => failure,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      if (server.listening) await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Joins the two connections until either ends. */
function relay(exchange: Exchange, firstBytes: Buffer): void {
  const { client, camera, source, fail, onHarmed } = exchange;
  const gaps = createPacketGaps(onHarmed);
  const signer = createRelaySigner(source.credentials);
  const fromClient = createRtspReader();
  const fromCamera = createRtspReader();
  const unanswered = setTimeout(() => {
    fail({ kind: 'no-answer' });
    camera.destroy();
  }, answerWithinMs);

  const toCamera = (chunk: Buffer): void => {
    for (const unit of fromClient.push(chunk)) {
      if (unit.kind !== 'request') send(camera, client, unit);
      else if (wantsDatagrams(unit)) send(client, camera, refuseDatagrams(unit));
      else send(camera, client, signer.sign(rewritten(unit, exchange)));
    }
  };
  const toClient = (unit: RtspUnit): void => {
    if (unit.kind === 'response') {
      answered(unit);
      return;
    }
    send(client, camera, unit);
    if (unit.kind === 'interleaved') gaps.taken(unit.bytes);
  };
  const answered = (unit: RtspResponse): void => {
    clearTimeout(unanswered);
    const verdict = signer.settle(unit);
    const unwanted = unwantedOffer(unit);
    const failure = unwanted ?? verdict.failure;
    if (failure !== undefined) fail(failure);
    // A redirection ffmpeg would follow, past this relay, to wherever the camera likes.
    if (unwanted !== undefined || isRedirection(unit)) camera.destroy();
    else if (verdict.retry !== undefined) send(camera, client, verdict.retry);
    else send(client, camera, verdict.pass ?? unit);
  };
  const guarded = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof RtspFramingError)) throw error;
      fail(framingFailure(error));
      camera.destroy();
    }
  };

  client.on('data', (chunk) => guarded(() => toCamera(chunk)));
  client.on('close', () => {
    camera.end(() => camera.destroy());
  });
  const limit = createFloodLimit();
  camera.on('data', (chunk: Buffer) => {
    guarded(() => fromCamera.push(chunk).forEach(toClient));
    const tooFastBy = limit.taken(chunk.length, performance.now());
    if (tooFastBy > 0) rest(camera, client, tooFastBy);
  });
  camera.on('close', () => {
    clearTimeout(unanswered);
    if (!client.destroyed) fail({ kind: 'ended' });
    client.end();
  });
  guarded(() => toCamera(firstBytes));
}

/** Reads nothing for a while; a client that is slow itself may make it longer. */
function rest(camera: Socket, client: Socket, milliseconds: number): void {
  camera.pause();
  setTimeout(() => {
    if (client.writableNeedDrain) client.once('drain', () => camera.resume());
    else camera.resume();
  }, milliseconds);
}

/** Requests name the relay, or what the camera itself gave as the base; the camera must only ever see its own address. */
function rewritten(request: RtspRequest, { localBase, source }: Exchange): RtspRequest {
  return request.url.startsWith(localBase)
    ? { ...request, url: source.address + request.url.slice(localBase.length) }
    : request;
}

/** Only what travels inside the connection can be relayed; ffmpeg then asks again for that. */
function wantsDatagrams(request: RtspRequest): boolean {
  return request.method === 'SETUP' && !/\bTCP\b/.test(headerOf(request, 'Transport') ?? '');
}

function refuseDatagrams(request: RtspRequest): RtspResponse {
  const headers = [['CSeq', headerOf(request, 'CSeq') ?? '0']] as const;
  const body = Buffer.alloc(0);
  return { kind: 'response', status: 461, reason: 'Unsupported Transport', headers, body };
}

/** Writes a unit; when the receiver is slow the sender's socket waits. */
function send(to: Socket, from: Socket, unit: RtspUnit): void {
  if (to.destroyed || to.writableEnded) return;
  if (to.write(unit.kind === 'interleaved' ? unit.bytes : formatRtspMessage(unit))) return;
  if (from.isPaused()) return;
  from.pause();
  to.once('drain', () => from.resume());
}

function listenOnLoopback(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}
