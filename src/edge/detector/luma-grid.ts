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

/**
 * `into` is a grid that nobody needs any more; its cells are written over when it is of the same size. Runs five times a
 * second for each camera: one plain loop, because array methods with a function cost ten times as much here.
 */
export function lumaGrid(
  { width, height, pixels }: Pick<Frame, 'width' | 'height' | 'pixels'>,
  into?: LumaGrid,
): LumaGrid {
  const cell = Math.max(1, Math.round(width / wantedColumns));
  const columns = Math.floor(width / cell);
  const rows = Math.floor(height / cell);
  const length = columns * rows;
  const cells = into?.cells.length === length ? into.cells : new Float32Array(length);
  const reads = sampleOffsets(cell, width);
  const samples = reads.length;
  let at = 0;
  for (let row = 0; row < rows; row += 1) {
    let corner = row * cell * width * 3;
    for (let column = 0; column < columns; column += 1) {
      let sum = 0;
      for (let sample = 0; sample < samples; sample += 1)
        sum += pixels[corner + (reads[sample] ?? 0)] ?? 0;
      cells[at] = sum / samples;
      at += 1;
      corner += cell * 3;
    }
  }
  return { columns, rows, cells };
}

/** Places within a cell that are read, the same across and down, in bytes from its first pixel. */
function sampleOffsets(cell: number, width: number): Int32Array {
  const count = Math.min(cell, samplesAcross);
  const places = Array.from({ length: count }, (_, index) =>
    Math.floor(((index + 0.5) * cell) / count),
  );
  // The second byte of a pixel is its green.
  return Int32Array.from(
    places.flatMap((down) => places.map((across) => (down * width + across) * 3 + 1)),
  );
}
