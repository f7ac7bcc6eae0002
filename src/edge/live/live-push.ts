/**
 * One camera's live pictures on their way to the collector: a WebSocket that the edge opens with its ticket, and behind
 * it a source that is opened anew whenever it ends while the socket is open. A slow line loses pictures up to the next
 * key frame; it never fills the memory.
 */
import type { Logger } from 'pino';
import { WebSocket } from 'ws';
import type { LiveHeader } from '../../contract/live-stream.ts';
import { type CameraFailure, describeEnd } from '../camera/camera-failure.ts';
import { probeCamera } from '../camera/camera-probe.ts';
import type { CameraSource } from '../camera/camera-source.ts';
import { type CredentialRelay, openCredentialRelay } from '../camera/credential-relay.ts';
import { retryDelayMs } from '../camera/retry-delay.ts';
import { writeMaskPicture } from '../privacy/mask-picture.ts';
import type { MaskOutline } from '../privacy/privacy-mask.ts';
import { openFmp4Source } from './fmp4-source.ts';
import type { LivePiece, LiveSink, LiveSource } from './live-source.ts';
import { openMpeg1Source } from './mpeg1-source.ts';

export type LivePush = Readonly<{
  /** Resolves when socket and source are gone, whoever ended them. */
  closed: Promise<void>;
  /** What is hidden may have changed: a source that shows something else than it may is opened anew at once. */
  masksChanged: () => void;
  stop: () => Promise<void>;
}>;

type PushSettings = Readonly<{
  cameraId: string;
  source: CameraSource;
  format: LiveHeader['format'];
  /** Asked each time the source is opened. */
  masks: () => readonly MaskOutline[];
  /** Where to push, `ws://` or `wss://`. */
  url: string;
  ticket: string;
  /** The camera refused the credentials; the push ends, since more attempts could lock the account. */
  onRefused: (reason: string) => void;
  logger: Logger;
}>;

const mostWaitingBytes = 4 * 1024 * 1024;
/** A source that says nothing for so long is opened anew. */
const silentAfterMs = 10_000;
const judgeEveryMs = 1000;
const handshakeTimeoutMs = 5000;

export function openLivePush(settings: PushSettings): LivePush {
  const { cameraId, format, logger } = settings;
  const over = new AbortController();
  const renewal = createRenewal(settings.masks);
  const socket = new WebSocket(settings.url, {
    headers: { authorization: `Bearer ${settings.ticket}` },
    handshakeTimeout: handshakeTimeoutMs,
    perMessageDeflate: false,
  });
  socket.on('error', (error) => {
    logger.warn({ cameraId, reason: error.message }, 'live push failed');
  });
  const closed = new Promise<void>((resolve) => {
    let feeding: Promise<void> | undefined;
    socket.on('open', () => {
      logger.info({ cameraId, format }, 'live push started');
      feeding = feed(settings, socket, renewal, over.signal);
    });
    socket.on('close', () => {
      over.abort();
      void (feeding ?? Promise.resolve()).then(() => {
        logger.info({ cameraId, format }, 'live push ended');
        resolve();
      });
    });
  });

  return {
    closed,
    masksChanged: renewal.masksChanged,
    stop: async () => {
      over.abort();
      if (socket.readyState === WebSocket.OPEN) socket.close(1000);
      else socket.terminate();
      const timer = setTimeout(() => socket.terminate(), silentAfterMs / 10);
      await closed;
      clearTimeout(timer);
    },
  };
}

type Renewal = Readonly<{
  masksChanged: () => void;
  /** The masks for a source that is opened now, and the signal that they are no longer the right ones. */
  begin: () => Readonly<{ masks: readonly MaskOutline[]; outdated: AbortSignal }>;
}>;

function createRenewal(masksNow: () => readonly MaskOutline[]): Renewal {
  let outdated = new AbortController();
  let shown = '';
  return {
    masksChanged: () => {
      if (JSON.stringify(masksNow()) !== shown) outdated.abort();
    },
    begin: () => {
      outdated = new AbortController();
      const masks = masksNow();
      shown = JSON.stringify(masks);
      return { masks, outdated: outdated.signal };
    },
  };
}

/** Source after source for as long as the socket is open. */
async function feed(
  settings: PushSettings,
  socket: WebSocket,
  renewal: Renewal,
  over: AbortSignal,
): Promise<void> {
  const { cameraId, logger } = settings;
  let failures = 0;
  const startedAt = performance.now();
  while (!over.aborted) {
    const { masks, outdated } = renewal.begin();
    const stop = AbortSignal.any([over, outdated]);
    const failure = await pushOnce({ ...settings, hidden: masks }, socket, failures > 0, stop);
    if (over.aborted) return;
    if (outdated.aborted) continue;
    logger.warn({ cameraId, reason: failure.reason }, 'live source ended');
    if (failure.state === 'auth-failed') {
      settings.onRefused(failure.reason);
      socket.close(1011);
      return;
    }
    failures += 1;
    const failingForMs = performance.now() - startedAt;
    await pause(retryDelayMs(failure.state, failures, failingForMs, Math.random()), over);
  }
}

type MaskedPush = PushSettings & Readonly<{ hidden: readonly MaskOutline[] }>;

/** The first time at once, for the viewer waits; after a failure the camera is asked before an ffmpeg is started. */
async function pushOnce(
  settings: MaskedPush,
  socket: WebSocket,
  asksFirst: boolean,
  over: AbortSignal,
): Promise<CameraFailure> {
  const { cameraId, source } = settings;
  const place = { cameraId, place: source.place };
  if (source.kind !== 'rtsp') {
    return describeEnd(place, undefined, await pushSource(settings, undefined, socket, over));
  }
  const refused = asksFirst ? await probeCamera(source, over) : undefined;
  if (refused !== undefined) return describeEnd(place, refused, []);
  const relay = await openCredentialRelay(source);
  const lines = await pushSource(settings, relay, socket, over);
  const met = relay.failure();
  await relay.close();
  return describeEnd(place, met, lines);
}

async function pushSource(
  { format, source, hidden }: MaskedPush,
  relay: CredentialRelay | undefined,
  socket: WebSocket,
  over: AbortSignal,
): Promise<readonly string[]> {
  const input =
    relay === undefined
      ? ({ kind: 'clip', path: source.place, loop: true } as const)
      : ({ kind: 'rtsp', url: relay.url } as const);
  let lastPieceAt = performance.now();
  const sink = createSink(socket, () => {
    lastPieceAt = performance.now();
  });
  const open = format === 'fmp4' ? openFmp4Source : openMpeg1Source;
  const mask = hidden.length === 0 ? undefined : await writeMaskPicture(hidden);
  const live: LiveSource = open(input, sink, mask?.filter);
  const onOver = () => void live.stop();
  over.addEventListener('abort', onOver);
  if (over.aborted) onOver();
  const timer = setInterval(() => {
    if (performance.now() - lastPieceAt > silentAfterMs) void live.stop();
  }, judgeEveryMs);
  const lines = await live.ended;
  clearInterval(timer);
  over.removeEventListener('abort', onOver);
  await mask?.remove();
  return lines;
}

function createSink(socket: WebSocket, onPiece: () => void): LiveSink {
  let skipping = false;
  const send = (piece: LivePiece): void => {
    onPiece();
    if (socket.readyState !== WebSocket.OPEN) return;
    if (skipping && !(piece.opens && socket.bufferedAmount < mostWaitingBytes / 4)) return;
    skipping = socket.bufferedAmount > mostWaitingBytes;
    if (!skipping) socket.send(piece.bytes);
  };
  return {
    header: (header) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(header));
    },
    piece: send,
  };
}

function pause(milliseconds: number, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      over.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    over.addEventListener('abort', done);
  });
}
