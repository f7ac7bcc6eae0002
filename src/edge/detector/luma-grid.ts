/**
 * A small grey picture of a frame for finding motion: the mean of the green channel, which carries most of the luma
 * (ITU-R BT.601 gives it 0.59), over square cells. About 160 cells across, so that a person 30 pixels tall in a picture
 * 1920 pixels wide still covers some. Not every pixel is read: nine of a cell tell its mean well enough.
 */
import type { Frame } from '../camera/frame.ts';

/** `cells` row by row, 0..255. */
export type LumaGrid = Readonly<{ columns: number; rows: number; cells: Float32Array }>;

type Picture = Pick<Frame, 'width' | 'height' | 'pixels'>;

const wantedColumns = 160;
const samplesAcross = 3;

/**
 * `into` is a grid that nobody needs any more; its cells are written over when it is of the same size. Runs five times a
 * second for each camera: plain loops, because array methods with a function cost ten times as much here.
 */
export function lumaGrid(picture: Picture, into?: LumaGrid): LumaGrid {
  const cell = Math.max(1, Math.round(picture.width / wantedColumns));
  const columns = Math.floor(picture.width / cell);
  const rows = Math.floor(picture.height / cell);
  const length = columns * rows;
  const cells = into?.cells.length === length ? into.cells : new Float32Array(length);
  const grid = { columns, rows, cells };
  if (cell < samplesAcross) fillSmallCells(grid, picture, cell);
  else fillCells(grid, picture, cell);
  return grid;
}

/** The usual cells. The nine are written out: half of the time of a loop over them. */
function fillCells({ columns, rows, cells }: LumaGrid, picture: Picture, cell: number): void {
  const { width, pixels } = picture;
  const place = (index: number): number => Math.floor(((index + 0.5) * cell) / samplesAcross);
  const [first, second, third] = [place(0), place(1), place(2)];
  // The second byte of a pixel is its green.
  const [west, middle, east] = [first * 3 + 1, second * 3 + 1, third * 3 + 1];
  for (let at = 0, row = 0; row < rows; row += 1) {
    let top = (row * cell + first) * width * 3;
    let centre = (row * cell + second) * width * 3;
    let low = (row * cell + third) * width * 3;
    for (const end = at + columns; at < end; at += 1) {
      const above =
        (pixels[top + west] ?? 0) + (pixels[top + middle] ?? 0) + (pixels[top + east] ?? 0);
      const within =
        (pixels[centre + west] ?? 0) +
        (pixels[centre + middle] ?? 0) +
        (pixels[centre + east] ?? 0);
      const below =
        (pixels[low + west] ?? 0) + (pixels[low + middle] ?? 0) + (pixels[low + east] ?? 0);
      cells[at] = (above + within + below) / 9;
      top += cell * 3;
      centre += cell * 3;
      low += cell * 3;
    }
  }
}

/** Of small pictures every pixel is read. */
function fillSmallCells({ columns, rows, cells }: LumaGrid, picture: Picture, cell: number): void {
  const { width, pixels } = picture;
  for (let at = 0, row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1, at += 1) {
      let sum = 0;
      for (let y = row * cell; y < (row + 1) * cell; y += 1)
        for (let x = column * cell; x < (column + 1) * cell; x += 1)
          sum += pixels[(y * width + x) * 3 + 1] ?? 0;
      cells[at] = sum / cell ** 2;
    }
  }
}
