/**
 * Reads one camera's compressed stream into its ring for as long as it may: a connection and an ffmpeg of its own, which
 * copies and never decodes, so that nothing that happens here touches the analysis. What a privacy mask hides must not be
 * kept, so a camera with masks is not recorded.
 */
import Mp4Frag from 'mp4frag';
import type { Logger } from 'pino';
import { type CameraFailure, describeEnd } from '../camera/camera-failure.ts';
import { probeCamera } from '../camera/camera-probe.ts';
import { type CameraSource, readCameraSource } from '../camera/camera-source.ts';
import { openCredentialRelay } from '../camera/credential-relay.ts';
import { type FfmpegInput, recordingArguments } from '../camera/ffmpeg-arguments.ts';
import { startFfmpeg } from '../camera/ffmpeg-process.ts';
import { retryDelayMs } from '../camera/retry-delay.ts';
import { type ClipRing, createClipRing, type RawClip, type RingSettings } from './clip-ring.ts';

export type RecordedCamera = Readonly<{
  cameraId: string;
  source: string;
  username?: string;
  password?: string;
}>;

export type ClipRecorder = Readonly<{
  start: () => void;
  event: (eventId: string, atMs: number) => void;
  /** What is hidden of the camera may have changed. */
  masksChanged: () => void;
  /** Resolves when its ffmpeg is gone. */
  stop: () => Promise<void>;
}>;

type Parts = Readonly<{
  camera: RecordedCamera;
  settings: RingSettings;
  isMasked: () => boolean;
  isSeen: () => boolean;
  onClip: (clip: RawClip) => void;
  logger: Logger;
}>;

/** No key frame for so long: the stream has to be opened anew. */
const silentAfterMs = 30_000;
const judgeEveryMs = 1000;

export function createClipRecorder(parts: Parts): ClipRecorder {
  const { camera, settings, isMasked, logger } = parts;
  const ring = createClipRing(settings, parts.onClip);
  const over = new AbortController();
  const read = readCameraSource(camera);
  /** Ends the present recording, or the present wait. */
  let turn = new AbortController();
  let running: Promise<void> | undefined;
  let masked: boolean | undefined;

  const watch = async (): Promise<void> => {
    let failures = 0;
    const startedAt = performance.now();
    while (!over.signal.aborted && read.ok) {
      turn = new AbortController();
      if (sayMasked()) {
        await pause(undefined, turn.signal);
        continue;
      }
      if (!parts.isSeen()) {
        await pause(judgeEveryMs, turn.signal);
        continue;
      }
      const failure = await record(camera.cameraId, read.source, ring, failures > 0, turn.signal);
      // Pictures from before a mask may show what it is meant to hide.
      if (isMasked()) ring.forgotten();
      else ring.closed();
      if (turn.signal.aborted) continue;
      failures += 1;
      logger.info({ cameraId: camera.cameraId, reason: failure.reason }, 'recording interrupted');
      const failingForMs = performance.now() - startedAt;
      await pause(retryDelayMs(failure.state, failures, failingForMs, Math.random()), turn.signal);
    }
  };
  const sayMasked = (): boolean => {
    const now = isMasked();
    const { cameraId } = camera;
    if (now && masked !== true)
      logger.warn({ cameraId }, 'no clips are kept: privacy masks hide part of this camera');
    masked = now;
    return now;
  };

  return {
    start: () => {
      running ??= watch();
    },
    event: (eventId, atMs) => {
      if (!isMasked()) ring.event(eventId, atMs);
    },
    masksChanged: () => {
      if (isMasked() !== masked) turn.abort();
    },
    stop: async () => {
      over.abort();
      turn.abort();
      await running;
    },
  };
}

/** One recording, until it ends by itself or is stopped. */
async function record(
  cameraId: string,
  source: CameraSource,
  ring: ClipRing,
  asksFirst: boolean,
  stop: AbortSignal,
): Promise<CameraFailure> {
  const place = { cameraId, place: source.place };
  if (source.kind !== 'rtsp') {
    const input = { kind: 'clip', path: source.place, loop: true } as const;
    return describeEnd(place, undefined, await copy(input, ring, stop));
  }
  const refused = asksFirst ? await probeCamera(source, stop) : undefined;
  if (refused !== undefined) return describeEnd(place, refused, []);
  const relay = await openCredentialRelay(source);
  const lines = await copy({ kind: 'rtsp', url: relay.url }, ring, stop);
  const met = relay.failure();
  await relay.close();
  return describeEnd(place, met, lines);
}

type Mp4Piece =
  | Readonly<{ type: 'init'; initialization: Buffer }>
  | Readonly<{ type: 'segment'; segment: Buffer; duration: number }>;

async function copy(
  input: FfmpegInput,
  ring: ClipRing,
  stop: AbortSignal,
): Promise<readonly string[]> {
  const child = startFfmpeg({ args: recordingArguments(input) });
  const fragments = new Mp4Frag({ readableObjectMode: true });
  let heardAt = performance.now();
  fragments.on('data', (piece: Mp4Piece) => {
    heardAt = performance.now();
    if (piece.type === 'init') ring.opened(piece.initialization);
    else ring.fragment(fragmentOf(piece.segment, piece.duration, Date.now()));
  });
  fragments.on('error', () => void child.stop());
  child.stdout.on('data', (chunk: Buffer) => fragments.write(chunk));
  const end = (): void => void child.stop();
  stop.addEventListener('abort', end);
  if (stop.aborted) end();
  const timer = setInterval(() => {
    if (performance.now() - heardAt > silentAfterMs) end();
  }, judgeEveryMs);
  const { lines } = await child.closed;
  clearInterval(timer);
  stop.removeEventListener('abort', end);
  return lines;
}

/** It comes as the next key frame does, so its end is now. */
function fragmentOf(bytes: Buffer, seconds: number, nowMs: number) {
  return { bytes, startMs: nowMs - Math.round(Math.max(0, seconds) * 1000), endMs: nowMs };
}

/** Without milliseconds: until it is stopped. */
function pause(milliseconds: number | undefined, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', done);
      resolve();
    };
    const timer = milliseconds === undefined ? undefined : setTimeout(done, milliseconds);
    stop.addEventListener('abort', done);
    if (stop.aborted) done();
  });
}
