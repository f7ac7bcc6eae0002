/**
 * Memory for pictures that is used again: a camera's pictures are a megabyte each, five a second, and collecting them as
 * garbage cost more than anything else that a quiet camera does. Only what was given back is handed out again.
 */

export type PixelBuffers = Readonly<{
  /** Its content is whatever it was. */
  take: (length: number) => Uint8Array;
  /** The giver keeps no hold of it. */
  giveBack: (pixels: Uint8Array) => void;
}>;

/** One is read into, one waits, one is looked at. */
const mostKept = 3;

export function createPixelBuffers(): PixelBuffers {
  let kept: Uint8Array[] = [];
  return {
    take: (length) => {
      if (kept.some((pixels) => pixels.length !== length)) kept = [];
      return kept.pop() ?? new Uint8Array(length);
    },
    giveBack: (pixels) => {
      // Handed to another thread it is empty, and given back twice it would be two pictures at once.
      if (pixels.length === 0 || kept.length >= mostKept || kept.includes(pixels)) return;
      kept.push(pixels);
    },
  };
}
