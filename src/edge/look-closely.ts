/**
 * How closely a camera's pictures are looked at. `near`: as a whole, which is enough where people are tall in the picture.
 * `auto`: large pictures also in crops, so that people far away are seen. `far`: the same at the camera's own size, however
 * large, for the smallest people at the price of more processor time.
 */
import type { RegionSettings } from './region-planner.ts';

type Looked = Readonly<{ detail?: 'near' | 'auto' | 'far'; crops?: number }>;

/**
 * For crops a picture of 1920 pixels stays as it is: a person 30 pixels tall loses what the model needs when it is shrunk
 * first, and shrinking costs ffmpeg more than handing on the whole (measured: 10 and 6 ms a picture).
 */
const largestWidths = { near: 1280, auto: 1920, far: 3840 } as const;

export function largestWidthFor({ detail = 'auto' }: Looked): number {
  return largestWidths[detail];
}

/** Undefined for looks at the whole picture alone. */
export function closelyFor(
  { detail = 'auto', crops }: Looked,
  input: RegionSettings['input'],
): RegionSettings | undefined {
  if (detail === 'near') return undefined;
  return {
    input: { width: input.width, height: input.height },
    // The model sees a smaller picture well enough as a whole.
    leastWidth: detail === 'far' ? input.width + 1 : 2 * input.width,
    ...(crops === undefined ? {} : { mostCrops: crops }),
  };
}
