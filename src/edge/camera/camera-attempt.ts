/** One attempt at a camera, watched: it ends by itself, by the stop signal, or because it has fallen silent. */
import { type CameraFailure, describeSilence } from './camera-failure.ts';
import type { CameraSource } from './camera-source.ts';
import type { Frame } from './frame.ts';
import type { FrameMaker } from './frame-maker.ts';
import type { PictureLine } from './picture-lines.ts';
import { openPictureStream, type StreamEnd } from './picture-stream.ts';
import { createSilence, judgeEveryMs } from './silence.ts';

type AttemptSettings = Readonly<{
  cameraId: string;
  source: CameraSource;
  largestWidth: number;
  analysisFps: number;
  /** Limits in seconds: before the first picture, and between two. */
  silence: Readonly<{ first: number; between: number }>;
  frames: FrameMaker;
  onFrame: (frame: Frame) => void;
  /** A picture whose time differs from the one before: the stream lives. `nowMs` is monotonic. */
  onAlive: (nowMs: number) => void;
  onSilent: (failure: CameraFailure) => void;
}>;

export async function attempt(settings: AttemptSettings, stop: AbortSignal): Promise<StreamEnd> {
  const { cameraId, source, largestWidth, frames } = settings;
  const silence = createSilence(settings.silence);
  let lastStreamTime: number | undefined;
  let silent: CameraFailure | undefined;

  const onDecoded = (line: PictureLine): void => {
    const nowMs = performance.now();
    if (line.streamTimeMs === undefined || line.streamTimeMs !== lastStreamTime) {
      lastStreamTime = line.streamTimeMs;
      silence.picture(nowMs);
      settings.onAlive(nowMs);
    }
    frames.decoded(line, { monotonicMs: nowMs, wallMs: Date.now() });
  };

  frames.reconnect();
  silence.opened(performance.now());
  const stream = openPictureStream({
    cameraId,
    source,
    largestWidth,
    analysisFps: settings.analysisFps,
    onDecoded,
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
