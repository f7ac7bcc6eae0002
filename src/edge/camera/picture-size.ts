/**
 * The size at which pictures are handed on: the source's own, or shrunk to the largest width with its aspect ratio
 * kept. ffmpeg computes it from the expression, we from the function; both must agree to the pixel.
 */

export type PictureSize = Readonly<{ width: number; height: number }>;

/** The height is even when the picture is shrunk. */
export function pictureSize(source: PictureSize, largestWidth: number): PictureSize {
  if (source.width <= largestWidth) return source;
  const height = 2 * Math.round((source.height * largestWidth) / source.width / 2);
  return { width: largestWidth, height: Math.max(2, height) };
}

/** The same for ffmpeg's `scale` filter. */
export function scaleFilter(largestWidth: number): string {
  const shrunk = `max(2,2*round(ih*${largestWidth}/iw/2))`;
  return `scale=w='min(iw,${largestWidth})':h='if(gt(iw,${largestWidth}),${shrunk},ih)':flags=bilinear`;
}
