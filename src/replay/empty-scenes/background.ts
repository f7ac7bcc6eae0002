/**
 * What a fixed camera sees when nobody is there: the median of each pixel over a recorded clip. It is empty as long as
 * nobody stands at one place for half of the clip.
 */
import { readClip } from '../../edge/camera/clip-reader.ts';

/** rgb24, row by row. */
export type StillPicture = Readonly<{ width: number; height: number; pixels: Uint8Array }>;

/** Enough for a steady median, and little enough to be held in memory at once. */
const mostFrames = 31;
const everySeconds = 2;

/** Rejects with ClipError. */
export async function backgroundOf(clip: string): Promise<StillPicture> {
  const frames: Uint8Array[] = [];
  let size = { width: 0, height: 0 };
  for await (const { width, height, pixels } of readClip({
    path: clip,
    analysisFps: 1 / everySeconds,
  })) {
    size = { width, height };
    frames.push(pixels);
    if (frames.length === mostFrames) break;
  }
  return { ...size, pixels: medianOf(frames) };
}

/** Of an even number the upper one of the two in the middle. */
export function medianOf(pictures: readonly Uint8Array[]): Uint8Array {
  const median = new Uint8Array(pictures[0]?.length ?? 0);
  const values = new Uint8Array(pictures.length);
  const middle = Math.floor(pictures.length / 2);
  for (let at = 0; at < median.length; at += 1) {
    for (let index = 0; index < values.length; index += 1) {
      insert(values, index, pictures[index]?.[at] ?? 0);
    }
    median[at] = values[middle] ?? 0;
  }
  return median;
}

/** A pixel of the background hardly changes: put in one by one, the values are nearly in order already. */
function insert(values: Uint8Array, count: number, value: number): void {
  let at = count;
  while (at > 0 && (values[at - 1] ?? 0) > value) {
    values[at] = values[at - 1] ?? 0;
    at -= 1;
  }
  values[at] = value;
}
