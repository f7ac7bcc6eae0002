/**
 * A small grey picture of a frame for finding motion: the mean of the green channel, which carries most of the luma
 * (ITU-R BT.601 gives it 0.59), over square cells. About 160 cells across, so that a person 30 pixels tall in a picture
 * 1920 pixels wide still covers some. Not every pixel is read: nine of a cell tell its mean well enough.
 */
import type { Frame } from '../camera/frame.ts';

/** `cells` row by row, 0..255. */
export type LumaGrid = Readonly<{ columns: number; rows: number; cells: Float32Array }>;

const wantedColumns = 160;
const samplesAcross = 3;

export function lumaGrid({
  width,
  height,
  pixels,
}: Pick<Frame, 'width' | 'height' | 'pixels'>): LumaGrid {
  const cell = Math.max(1, Math.round(width / wantedColumns));
  const columns = Math.floor(width / cell);
  const rows = Math.floor(height / cell);
  const offsets = sampleOffsets(cell);
  const sums = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row += 1) {
    for (const down of offsets) {
      for (const across of offsets) {
        // The second byte of a pixel is its green.
        let pixel = ((row * cell + down) * width + across) * 3 + 1;
        for (let at = row * columns; at < (row + 1) * columns; at += 1) {
          sums[at] = (sums[at] ?? 0) + (pixels[pixel] ?? 0);
          pixel += cell * 3;
        }
      }
    }
  }
  const samples = offsets.length ** 2;
  return { columns, rows, cells: sums.map((sum) => sum / samples) };
}

/** Places within a cell that are read, the same across and down. */
function sampleOffsets(cell: number): readonly number[] {
  const count = Math.min(cell, samplesAcross);
  return Array.from({ length: count }, (_, index) => Math.floor(((index + 0.5) * cell) / count));
}
