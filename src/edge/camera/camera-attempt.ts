/** One attempt at a camera, watched: it ends by itself, by the stop signal, or because it has fallen silent. */
import { type CameraFailure, describeSilence, tellsFault } from './camera-failure.ts';
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
  /** Asked before a silent stream is ended, and again until it is allowed. */
  mayRestart: () => boolean;
  onLine: (line: string) => void;
}>;

const mostFaults = 40;

export async function attempt(
  settings: AttemptSettings,
  hardwareDecoder: HardwareDecoder | undefined,
  stop: AbortSignal,
): Promise<StreamEnd> {
  const { cameraId, source, frames } = settings;
  const silence = createSilence(settings.silence);
  const taker = decodedTaker(settings, silence, () => isEnding || stop.aborted);
  /** What ffmpeg said of a stream that gives no picture. */
  const faults: string[] = [];
  let silent: CameraFailure | undefined;
  let isEnding = false;

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
    onLine: (line) => {
      if (faults.length < mostFaults && tellsFault(line)) faults.push(line);
      settings.onLine(line);
    },
    onHarmed: settings.onHarmed,
    onDecoded: taker.take,
    choose: frames.choose,
    onPicture: (picture) => settings.onFrame(frames.make(picture)),
  });
  /** Told at once; ended when the box's budget allows, and not at all when pictures come before that. */
  const judge = (): void => {
    const seconds = silence.judge(performance.now());
    if (isEnding) return;
    if (seconds === undefined) {
      silent = undefined;
      return;
    }
    if (silent === undefined) {
      const said = taker.hasPictures() ? [] : faults;
      silent = describeSilence({ cameraId, place: source.place }, seconds, said);
      settings.onSilent(silent);
    }
    if (!settings.mayRestart()) return;
    isEnding = true;
    void stream.stop();
  };
  const timer = setInterval(judge, judgeEveryMs);
  const onStop = () => void stream.stop();
  stop.addEventListener('abort', onStop);

  const end = await stream.ended;
  stop.removeEventListener('abort', onStop);
  clearInterval(timer);
  return silent === undefined || stop.aborted ? end : { kind: 'failed', failure: silent };
}

/** What ffmpeg still gives when it is being ended is no sign of life. */
function decodedTaker(settings: AttemptSettings, silence: Silence, isOver: () => boolean) {
  let lastStreamTime: number | undefined;
  let pictures = 0;
  return {
    hasPictures: () => pictures > 0,
    take: (line: PictureLine): void => {
      const nowMs = performance.now();
      pictures += 1;
      settings.onDecoded(line.damaged, nowMs);
      const isNew = line.streamTimeMs === undefined || line.streamTimeMs !== lastStreamTime;
      if (isNew && !isOver()) {
        lastStreamTime = line.streamTimeMs;
        silence.picture(nowMs);
        settings.onAlive(nowMs, line.damaged);
      }
      settings.frames.decoded(line, { monotonicMs: nowMs, wallMs: Date.now() });
    },
  };
}
