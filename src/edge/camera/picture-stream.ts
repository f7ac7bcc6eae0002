/**
 * One attempt at a camera: a question whether it would play, the relay, one ffmpeg, and the reader of its pictures, from opening
 * to its end. Whatever the reason, it ends once, everything it started is gone by then, and the next attempt is the
 * caller's.
 */
import { type CameraFailure, describeEnd, type RelayFailure } from './camera-failure.ts';
import { probeCamera } from './camera-probe.ts';
import type { CameraSource } from './camera-source.ts';
import type { StartChild } from './child.ts';
import { type CredentialRelay, openCredentialRelay } from './credential-relay.ts';
import { type FfmpegInput, type HardwareDecoder, liveDecodeArguments } from './ffmpeg-arguments.ts';
import { type FfmpegProcess, startFfmpegThrough } from './ffmpeg-process.ts';
import { createPictureLines, type PictureLine } from './picture-lines.ts';
import { createPictureReader, type Picture } from './picture-reader.ts';

export type StreamEnd =
  | Readonly<{ kind: 'failed'; failure: CameraFailure }>
  /** The picture changed its size: to be opened again at once. */
  | Readonly<{ kind: 'resized' }>
  | Readonly<{ kind: 'stopped' }>;

export type PictureStream = Readonly<{
  ended: Promise<StreamEnd>;
  /** Resolves when the attempt has ended. */
  stop: () => Promise<void>;
}>;

type StreamSettings<Facts> = Readonly<{
  cameraId: string;
  source: CameraSource;
  largestWidth: number;
  analysisFps: number;
  hardwareDecoder: HardwareDecoder | undefined;
  startChild: StartChild;
  /** ffmpeg was started: from now on pictures are due. */
  onStarted: () => void;
  /** Told of what ffmpeg says beside its pictures. */
  onLine: (line: string) => void;
  /** So many pictures lost packets on the way. */
  onHarmed: (pictures: number) => void;
  /** Called for each decoded picture, in order. */
  onDecoded: (line: PictureLine) => void;
  /** Called after `onDecoded` for pictures that may be due; undefined lets the picture go. */
  choose: () => Facts | undefined;
  onPicture: (picture: Picture<Facts>) => void;
  /** Memory for a picture that is taken. */
  takePixels: (length: number) => Uint8Array;
}>;

export function openPictureStream<Facts>(settings: StreamSettings<Facts>): PictureStream {
  const aborted = new AbortController();
  const ended = run(settings, aborted.signal);
  return {
    ended,
    stop: async () => {
      aborted.abort();
      await ended;
    },
  };
}

async function run<Facts>(settings: StreamSettings<Facts>, stop: AbortSignal): Promise<StreamEnd> {
  const { cameraId, source } = settings;
  const place = { cameraId, place: source.place };
  if (source.kind === 'rtsp') {
    const met = await probeCamera(source, stop);
    if (met !== undefined) return { kind: 'failed', failure: describeEnd(place, met, []) };
  }
  const relay =
    source.kind === 'rtsp' ? await openCredentialRelay(source, settings.onHarmed) : undefined;
  const decoding = await decode(inputOf(source, relay), settings, stop);
  const { resized, lines } = await decoding.ended;
  const met: RelayFailure | undefined = relay?.failure();
  await relay?.close();

  if (stop.aborted) return { kind: 'stopped' };
  if (resized) return { kind: 'resized' };
  return { kind: 'failed', failure: describeEnd(place, met, lines) };
}

type Decoding = Readonly<{
  ended: Promise<Readonly<{ resized: boolean; lines: readonly string[] }>>;
}>;

const nothing: Decoding = { ended: Promise.resolve({ resized: false, lines: [] }) };

/** What ffmpeg opens for a source: the relay in front of a camera, or the clip for ever. */
function inputOf(source: CameraSource, relay: CredentialRelay | undefined): FfmpegInput {
  if (relay !== undefined) return { kind: 'rtsp', url: relay.url };
  return { kind: 'clip', path: source.place, loop: true };
}

/** Resolves when ffmpeg was started, or at once when it is not wanted any more. */
async function decode<Facts>(
  input: FfmpegInput,
  settings: StreamSettings<Facts>,
  stop: AbortSignal,
): Promise<Decoding> {
  const { largestWidth, choose, onPicture, takePixels, startChild } = settings;
  const lines = createPictureLines();
  let resized = false;
  const onResized = (): void => {
    resized = true;
    void child?.stop();
  };
  const reader = createPictureReader<Facts>({
    ...{ largestWidth, choose, onPicture, takePixels, onResized },
  });
  const onLine = (line: string): boolean => {
    const read = lines.read(line);
    if (read === undefined) settings.onLine(line);
    if (typeof read !== 'object') return read !== undefined;
    if (read.stage === 'passed-on') reader.pushLine(read);
    else settings.onDecoded(read);
    return true;
  };
  const args = liveDecodeArguments(input, settings);
  const child = await startFfmpegThrough(startChild, { args, onLine }, stop);
  if (child === undefined) return nothing;
  settings.onStarted();
  child.stdout.on('data', reader.pushBytes);
  return { ended: untilEnded(child, stop).then((said) => ({ resized, lines: said })) };
}

async function untilEnded(child: FfmpegProcess, stop: AbortSignal): Promise<readonly string[]> {
  const onStop = () => void child.stop();
  stop.addEventListener('abort', onStop);
  if (stop.aborted) onStop();
  const { lines } = await child.closed;
  stop.removeEventListener('abort', onStop);
  return lines;
}
