/**
 * Stands on loopback between one ffmpeg and one camera, so that neither address nor credentials are ever on a command
 * line: it takes a single connection that knows its token, forwards it to the camera (over TLS for rtsps), answers the
 * camera's challenge, and passes the pictures through untouched. It also knows why a camera cannot be reached.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { connectToCamera } from './camera-connection.ts';
import type { RelayFailure } from './camera-failure.ts';
import type { RtspSource } from './camera-source.ts';
import { createRelaySigner } from './relay-signer.ts';
import {
  createRtspReader,
  formatRtspMessage,
  headerOf,
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

type Exchange = Readonly<{
  source: RtspSource;
  client: Socket;
  localBase: string;
  fail: (failure: RelayFailure) => void;
}>;

/** Rejects only when loopback itself gives no port. */
export async function openCredentialRelay(source: RtspSource): Promise<CredentialRelay> {
  const token = randomBytes(18).toString('base64url');
  const sockets = new Set<Socket>();
  let failure: RelayFailure | undefined;
  let taken = false;

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
      const fail = (met: RelayFailure): void => {
        failure ??= met;
      };
      const camera = relay({ source, client, localBase, fail }, first);
      sockets.add(camera);
      camera.on('close', () => sockets.delete(camera));
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

/** Joins the two connections until either ends; answers the camera's socket. */
function relay(exchange: Exchange, firstBytes: Buffer): Socket {
  const { client, source, fail } = exchange;
  const signer = createRelaySigner(source.credentials);
  const fromClient = createRtspReader();
  const fromCamera = createRtspReader();
  const camera = connectToCamera(source, fail);

  const toCamera = (chunk: Buffer): void => {
    for (const unit of fromClient.push(chunk)) {
      if (unit.kind !== 'request') send(camera, client, unit);
      else if (wantsDatagrams(unit)) send(client, camera, refuseDatagrams(unit));
      else send(camera, client, signer.sign(rewritten(unit, exchange)));
    }
  };
  const toClient = (unit: RtspUnit): void => {
    const verdict = unit.kind === 'response' ? signer.settle(unit) : undefined;
    if (verdict?.failure !== undefined) fail(verdict.failure);
    if (verdict?.retry !== undefined) send(camera, client, verdict.retry);
    else send(client, camera, verdict?.pass ?? unit);
  };
  const guarded = (work: () => void): void => {
    try {
      work();
    } catch {
      // Only framing can throw here: what came is not RTSP.
      fail({ kind: 'not-rtsp' });
      camera.destroy();
    }
  };

  client.on('data', (chunk) => guarded(() => toCamera(chunk)));
  client.on('close', () => camera.end(() => camera.destroy()));
  camera.on('data', (chunk: Buffer) => guarded(() => fromCamera.push(chunk).forEach(toClient)));
  camera.on('close', () => {
    if (!client.destroyed) fail({ kind: 'ended' });
    client.end();
  });
  guarded(() => toCamera(firstBytes));
  return camera;
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
