/**
 * A recorded clip as frames, as fast as they are asked for: exact source frame numbers, time from the clip alone, so
 * that two readings give the same frames. Nothing is dropped; ffmpeg waits for the reader.
 * Throws ClipError, with one sentence, for a clip that is missing, truncated or no video.
 */
import { type CheckedClip, ClipError, checkClip, reportsDamage, truncated } from './clip-check.ts';
import { createDecimator } from './decimator.ts';
import { clipDecodeArguments } from './ffmpeg-arguments.ts';
import { startFfmpeg } from './ffmpeg-process.ts';
import type { Frame } from './frame.ts';
import { createPictureLines, type PictureLine } from './picture-lines.ts';
import { createPictureReader, type Picture } from './picture-reader.ts';

export type ClipSettings = Readonly<{
  path: string;
  analysisFps: number;
  /** The rate of a bare elementary stream such as a raw .264; a container's own times go before it. */
  inputFps?: number | undefined;
  /** Wider pictures are shrunk to this; 1280 unless told. */
  largestWidth?: number | undefined;
  /** What the frames are called; `clip` unless told. */
  cameraId?: string | undefined;
}>;

/** `sourceFrames` counts the decoded frames so far: all of them once the reading has ended. */
type ClipFacts = Readonly<{ sourceFrames: number; fps: number }>;

export type ClipReading = AsyncGenerator<Frame, void, void> & Readonly<{ facts: () => ClipFacts }>;

type ClipTime = Readonly<{ frameNumber: number; mediaTimeMs: number }>;

/** Pictures that may wait for the reader before ffmpeg has to. */
const mostWaiting = 4;
/** A damaged picture this close to the end means that the end is missing; decoders hold back a few pictures. */
const endPictures = 4;

/** Nothing starts before the first `next()`; leaving the loop early ends ffmpeg. */
export function readClip(settings: ClipSettings): ClipReading {
  const counted = { sourceFrames: 0, damagedAt: Number.NEGATIVE_INFINITY, fps: 0 };
  const facts = () => ({ sourceFrames: counted.sourceFrames, fps: counted.fps });
  return Object.assign(frames(settings, counted), { facts });
}

type Counted = { sourceFrames: number; damagedAt: number; fps: number };

async function* frames(
  settings: ClipSettings,
  counted: Counted,
): AsyncGenerator<Frame, void, void> {
  const clip = await checkClip(settings.path);
  counted.fps = clip.bare ? (settings.inputFps ?? clip.fps) : clip.fps;
  const bell = createBell();
  const { child, waiting, resized } = decode(settings, clip, counted, bell.ring);
  let ended = false;
  void child.closed.then(() => {
    ended = true;
    bell.ring();
  });
  try {
    for (;;) {
      const picture = waiting.shift();
      if (waiting.length < mostWaiting / 2) child.stdout.resume();
      if (picture !== undefined) yield clipFrame(picture, settings.cameraId ?? 'clip');
      else if (ended) break;
      else await bell.rung();
    }
  } finally {
    await child.stop();
  }
  const { code, lines } = await child.closed;
  judgeEnd(settings.path, counted, resized(), code, lines);
}

function decode(settings: ClipSettings, clip: CheckedClip, counted: Counted, ring: () => void) {
  const largestWidth = settings.largestWidth ?? 1280;
  const inputFps = clip.bare ? counted.fps : undefined;
  const lines = createPictureLines();
  const timeOf = createClipClock(inputFps ?? clip.fps, clip.bare);
  const decimator = createDecimator(settings.analysisFps);
  const waiting: Picture<ClipTime>[] = [];
  let resized = false;

  const reader = createPictureReader<ClipTime>({
    largestWidth,
    choose: (line) => {
      counted.sourceFrames += 1;
      const mediaTimeMs = timeOf(line);
      decimator.decoded(mediaTimeMs);
      return decimator.take(mediaTimeMs)
        ? { frameNumber: counted.sourceFrames, mediaTimeMs }
        : undefined;
    },
    onPicture: (picture) => {
      waiting.push(picture);
      if (waiting.length >= mostWaiting) child.stdout.pause();
      ring();
    },
    onResized: () => {
      resized = true;
      void child.stop();
    },
  });
  const child = startFfmpeg({
    args: clipDecodeArguments({ path: settings.path, inputFps }, largestWidth),
    onLine: (line) => {
      const read = lines.read(line);
      if (read === undefined && reportsDamage(line)) counted.damagedAt = counted.sourceFrames;
      if (typeof read === 'object') reader.pushLine(read);
      return read !== undefined;
    },
  });
  child.stdout.on('data', reader.pushBytes);
  return { child, waiting, resized: () => resized };
}

function judgeEnd(
  path: string,
  counted: Counted,
  resized: boolean,
  code: number | null,
  lines: readonly string[],
): void {
  if (resized) {
    const message = `clip ${path}: its picture changes size on the way; cut it there and replay the parts`;
    throw new ClipError('CLIP_UNREADABLE', message);
  }
  if (code !== 0 || counted.sourceFrames === 0) {
    const said = lines.at(-1) ?? 'ffmpeg gave no picture';
    throw new ClipError('CLIP_UNREADABLE', `clip ${path}: it cannot be decoded: ${said}`);
  }
  if (counted.damagedAt > counted.sourceFrames - endPictures) throw truncated(path);
}

/** Milliseconds since the first picture; pictures without a time, and bare streams, are counted instead. */
function createClipClock(fps: number, bare: boolean): (line: PictureLine) => number {
  const interval = 1000 / fps;
  let origin: number | undefined;
  let index = -1;
  let last = -interval;
  return ({ streamTimeMs }) => {
    index += 1;
    if (bare) return index * interval;
    origin ??= streamTimeMs;
    const told = (streamTimeMs ?? Number.NaN) - (origin ?? 0);
    last = told > last ? told : last + interval;
    return last;
  };
}

function clipFrame(picture: Picture<ClipTime>, cameraId: string): Frame {
  const { frameNumber, mediaTimeMs } = picture.facts;
  return {
    cameraId,
    frameNumber,
    capturedAtMs: Math.round(mediaTimeMs),
    mediaTimeMs,
    ...picture.size,
    sourceWidth: picture.source.width,
    sourceHeight: picture.source.height,
    pixels: picture.pixels,
  };
}

/** One waits, another rings; a ring before the wait is not lost. */
function createBell(): Readonly<{ ring: () => void; rung: () => Promise<void> }> {
  let hasRung = false;
  let wake: (() => void) | undefined;
  return {
    ring: () => {
      hasRung = true;
      wake?.();
    },
    rung: async () => {
      if (!hasRung) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      hasRung = false;
      wake = undefined;
    },
  };
}
