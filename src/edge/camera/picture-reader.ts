/**
 * Cuts ffmpeg's raw rgb24 into pictures and pairs them, in order, with the lines that tell their time and size.
 * Bytes are copied once, into the array that the consumer then owns, and only of pictures that are taken; bytes whose
 * line has not come yet are kept as copies, since the two pipes are read independently.
 */
import type { PictureLine } from './picture-lines.ts';
import { type PictureSize, pictureSize } from './picture-size.ts';

export type Picture<Facts> = Readonly<{
  size: PictureSize;
  source: PictureSize;
  pixels: Uint8Array;
  facts: Facts;
}>;

export type PictureReader = Readonly<{
  pushLine: (line: PictureLine) => void;
  pushBytes: (chunk: Buffer) => void;
}>;

type ReaderSettings<Facts> = Readonly<{
  largestWidth: number;
  /** Memory for a picture that is taken; new unless told. */
  takePixels?: (length: number) => Uint8Array;
  /** Called once for each decoded picture, in order, as its line comes; undefined lets the picture go. */
  choose: (line: PictureLine) => Facts | undefined;
  onPicture: (picture: Picture<Facts>) => void;
  /** The source changed its size: nothing more is read, the stream has to be opened anew. */
  onResized: () => void;
}>;

type Expected<Facts> = Readonly<{ facts: Facts | undefined; source: PictureSize }>;

type Filling<Facts> = Expected<Facts> & {
  readonly size: PictureSize;
  readonly length: number;
  readonly pixels: Uint8Array | undefined;
  filled: number;
};

export function createPictureReader<Facts>(settings: ReaderSettings<Facts>): PictureReader {
  const expected: Expected<Facts>[] = [];
  const chunks: Buffer[] = [];
  let current: Filling<Facts> | undefined;
  let source: PictureSize | undefined;
  let closed = false;

  const fill = (picture: Filling<Facts>, chunk: Buffer): void => {
    const wanted = picture.length - picture.filled;
    if (chunk.length > wanted) chunks.unshift(chunk.subarray(wanted));
    picture.pixels?.set(chunk.subarray(0, wanted), picture.filled);
    picture.filled += Math.min(chunk.length, wanted);
    if (picture.filled < picture.length) return;
    current = undefined;
    const { facts, size, pixels } = picture;
    if (facts !== undefined && pixels !== undefined) {
      settings.onPicture({ size, source: picture.source, pixels, facts });
    }
  };
  const drain = (): void => {
    for (;;) {
      current ??= startFilling(expected.shift(), settings);
      if (closed || current === undefined) return;
      const chunk = chunks.shift();
      if (chunk === undefined) return;
      fill(current, chunk);
    }
  };

  return {
    pushLine: (line) => {
      if (closed) return;
      source ??= { width: line.sourceWidth, height: line.sourceHeight };
      if (line.sourceWidth !== source.width || line.sourceHeight !== source.height) {
        closed = true;
        settings.onResized();
        return;
      }
      expected.push({ facts: settings.choose(line), source });
      drain();
    },
    pushBytes: (chunk) => {
      if (closed) return;
      chunks.push(chunk);
      drain();
      // Only the newest can be there uncopied: its memory belongs to the one who reads.
      const last = chunks.pop();
      if (last !== undefined) chunks.push(last.buffer === chunk.buffer ? Buffer.from(last) : last);
    },
  };
}

function startFilling<Facts>(
  expected: Expected<Facts> | undefined,
  { largestWidth, takePixels = newPixels }: ReaderSettings<Facts>,
): Filling<Facts> | undefined {
  if (expected === undefined) return undefined;
  const size = pictureSize(expected.source, largestWidth);
  const length = size.width * size.height * 3;
  const pixels = expected.facts === undefined ? undefined : takePixels(length);
  return { ...expected, size, length, pixels, filled: 0 };
}

function newPixels(length: number): Uint8Array {
  return new Uint8Array(length);
}
