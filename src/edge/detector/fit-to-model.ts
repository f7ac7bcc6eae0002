/**
 * A frame of any size -> the model's input picture, and the way back for boxes. Pictures whose aspect ratio is near the
 * model's are stretched; others are letterboxed, because a squeezed person is no longer one for the model.
 */
import sharp from 'sharp';
import type { Box } from '../../contract/shape.ts';
import type { Frame } from '../camera/frame.ts';
import type { ModelFacts } from './model-manifest.ts';

/** Stretching by more than this in one direction costs recall. */
const largestStretch = 1.15;
const grey = { r: 114, g: 114, b: 114 };

export type Picture = Pick<Frame, 'width' | 'height' | 'pixels'>;

/** Where the frame lies in the input picture, as fractions of it. */
export type Placement = Readonly<{ left: number; top: number; width: number; height: number }>;

export function placementOf(
  picture: Pick<Frame, 'width' | 'height'>,
  input: Pick<ModelFacts['input'], 'width' | 'height'>,
): Placement {
  const ratio = picture.width / picture.height / (input.width / input.height);
  if (Math.max(ratio, 1 / ratio) <= largestStretch) return { left: 0, top: 0, width: 1, height: 1 };
  const width = Math.min(1, ratio);
  const height = Math.min(1, 1 / ratio);
  return { left: (1 - width) / 2, top: (1 - height) / 2, width, height };
}

/** rgb24 of the model's input size. */
export async function fitToModel(
  picture: Picture,
  input: ModelFacts['input'],
): Promise<Uint8Array> {
  const source = sharp(picture.pixels, {
    raw: { width: picture.width, height: picture.height, channels: 3 },
  });
  const placement = placementOf(picture, input);
  const fit = placement.width === 1 && placement.height === 1 ? 'fill' : 'contain';
  return source
    .resize(input.width, input.height, {
      fit,
      background: grey,
      kernel: 'linear',
      fastShrinkOnLoad: false,
    })
    .raw()
    .toBuffer();
}

/** A part of the picture of the model's shape, scaled to its input: `area` is what it really is, to whole pixels. */
export async function cropToModel(
  { pixels, width, height }: Picture,
  wanted: Box,
  input: ModelFacts['input'],
): Promise<Readonly<{ pixels: Uint8Array; area: Box }>> {
  const left = Math.round(wanted.left * width);
  const top = Math.round(wanted.top * height);
  const part = {
    left,
    top,
    width: Math.min(width - left, Math.round((wanted.right - wanted.left) * width)),
    height: Math.min(height - top, Math.round((wanted.bottom - wanted.top) * height)),
  };
  const scaled = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .extract(part)
    .resize(input.width, input.height, { fit: 'fill', kernel: 'linear', fastShrinkOnLoad: false })
    .raw()
    .toBuffer();
  const area = {
    left: left / width,
    top: top / height,
    right: (left + part.width) / width,
    bottom: (top + part.height) / height,
  };
  return { pixels: scaled, area };
}

/** Input picture -> frame, cut at the frame's edges; undefined when nothing of the box lies inside. */
export function backToFrame(box: Box, placement: Placement): Box | undefined {
  const x = (value: number): number => clamp((value - placement.left) / placement.width);
  const y = (value: number): number => clamp((value - placement.top) / placement.height);
  const back = { left: x(box.left), top: y(box.top), right: x(box.right), bottom: y(box.bottom) };
  return back.right > back.left && back.bottom > back.top ? back : undefined;
}

function clamp(value: number): number {
  return Math.max(0, Math.min(1, value));
}
