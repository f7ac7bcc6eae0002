/**
 * Masks for ffmpeg: a picture of them in a file, and the filter that lays it over a video of any size. A mask that cannot
 * be laid over makes ffmpeg fail, and nothing is shown.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { coveredSpans } from './covered-spans.ts';
import type { MaskOutline } from './privacy-mask.ts';

export type MaskPicture = Readonly<{
  /** One input, one output: for `-vf`. */
  filter: string;
  remove: () => Promise<void>;
}>;

const size = { width: 1920, height: 1080 } as const;
/** Room for the rounding when it is scaled to the video, whose colours are half as fine as its brightness. */
const margin = 2;

export async function writeMaskPicture(masks: readonly MaskOutline[]): Promise<MaskPicture> {
  const folder = await mkdtemp(join(tmpdir(), 'haoguanjia-mask-'));
  const file = join(folder, 'mask.png');
  await sharp(opaqueWhereMasked(masks), { raw: { ...size, channels: 4 } })
    .png()
    .toFile(file);
  const scaled = '[mask][in]scale2ref=w=iw:h=ih:flags=neighbor[fitting][picture]';
  return {
    filter: `movie=filename=${escaped(file)}[mask];${scaled};[picture][fitting]overlay=0:0`,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Black everywhere; opaque where a mask is. */
function opaqueWhereMasked(masks: readonly MaskOutline[]): Uint8Array {
  const pixels = new Uint8Array(size.width * size.height * 4);
  const spans = coveredSpans(masks, size, margin);
  for (let at = 0; at + 1 < spans.length; at += 2)
    for (let pixel = spans[at] ?? 0; pixel < (spans[at + 1] ?? 0); pixel += 1)
      pixels[pixel * 4 + 3] = 255;
  return pixels;
}

/** Twice: once for the option of the filter and once for the chain (ffmpeg-filters, "Notes on filtergraph escaping"). */
function escaped(path: string): string {
  const option = path.replace(/[\\':]/g, '\\$&');
  return option.replace(/[\\'[\],;]/g, '\\$&');
}
