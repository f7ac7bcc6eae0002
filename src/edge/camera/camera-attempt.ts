/** One attempt at a camera, watched: it ends by itself, by the stop signal, or because it has fallen silent. */
import { type CameraFailure, describeSilence } from './camera-failure.ts';
import type { CameraSource } from './camera-source.ts';
import type { StartChild } from './child.ts';
import type { HardwareDecoder } from './ffmpeg-arguments.ts';
import type { Frame } from './frame.ts';
import type { FrameMaker } from './frame-maker.ts';
import type { PictureLine } from './picture-lines.ts';
import { openPictureStream, type StreamEnd } from './picture-stream.ts';
import { createSilence, judgeEveryMs, type Silence } from './silence.ts';

type AttemptSettings = Readonly<{
  cameraId: string;
  source: CameraSource;
  largestWidth: number;
  analysisFps: number;
  /** Limits in seconds: before the first picture, and between two. */
  silence: Readonly<{ first: number; between: number }>;
  frames: FrameMaker;
  startChild: StartChild;
  takePixels: (length: number) => Uint8Array;
  onFrame: (frame: Frame) => void;
  /** A picture whose time differs from the one before: the stream lives. `nowMs` is monotonic. */
  onAlive: (nowMs: number, damaged: boolean) => void;
  /** Every picture, damaged or not. */
  onDecoded: (damaged: boolean, nowMs: number) => void;
  /** So many pictures lost packets on the way. */
  onHarmed: (pictures: number) => void;
  onStarted: () => void;
  onSilent: (failure: CameraFailure) => void;
  onLine: (line: string) => void;
}>;

export async function attempt(
  settings: AttemptSettings,
  hardwareDecoder: HardwareDecoder | undefined,
  stop: AbortSignal,
): Promise<StreamEnd> {
  const { cameraId, source, frames } = settings;
  const silence = createSilence(settings.silence);
  let silent: CameraFailure | undefined;

  frames.reconnect();
  const stream = openPictureStream({
    ...{ cameraId, source, hardwareDecoder },
    largestWidth: settings.largestWidth,
    analysisFps: settings.analysisFps,
    startChild: settings.startChild,
    takePixels: settings.takePixels,
    onStarted: () => {
      silence.opened(performance.now());
      settings.onStarted();
    },
    onLine: settings.onLine,
    onHarmed: settings.onHarmed,
    // What ffmpeg still gives when it is being ended is no sign of life.
    onDecoded: decodedTaker(settings, silence, () => silent !== undefined || stop.aborted),
    choose: frames.choose,
    onPicture: (picture) => settings.onFrame(frames.make(picture)),
  });
  const timer = setInterval(() => {
    const seconds = silence.judge(performance.now());
    if (seconds === undefined || silent !== undefined) return;
    silent = describeSilence({ cameraId, place: source.place }, seconds);
    settings.onSilent(silent);
    void stream.stop();
  }, judgeEveryMs);
  const onStop = () => void stream.stop();
  stop.addEventListener('abort', onStop);

  const end = await stream.ended;
  stop.removeEventListener('abort', onStop);
  clearInterval(timer);
  return silent === undefined || stop.aborted ? end : { kind: 'failed', failure: silent };
}

function decodedTaker(
  settings: AttemptSettings,
  silence: Silence,
  isOver: () => boolean,
): (line: PictureLine) => void {
  let lastStreamTime: number | undefined;
  return (line) => {
    const nowMs = performance.now();
    settings.onDecoded(line.damaged, nowMs);
    const isNew = line.streamTimeMs === undefined || line.streamTimeMs !== lastStreamTime;
    if (isNew && !isOver()) {
      lastStreamTime = line.streamTimeMs;
      silence.picture(nowMs);
      settings.onAlive(nowMs, line.damaged);
    }
    settings.frames.decoded(line, { monotonicMs: nowMs, wallMs: Date.now() });
  };
}
