/** The small grey picture says what the frame shows, whatever the frame's size. */
import { expect, test } from 'vitest';
import { lumaGrid } from './luma-grid.ts';

/** Each pixel's green tells its place; red and blue are there to be left alone. */
function picture(width: number, height: number) {
  const pixels = new Uint8Array(width * height * 3).fill(255);
  for (let at = 0; at < width * height; at += 1)
    pixels[at * 3 + 1] = (Math.imul(at, 2_654_435_761) >>> 24) & 255;
  return { width, height, pixels };
}

test.each([
  { width: 96, height: 72, cell: 1, columns: 96, rows: 72, places: [0] },
  { width: 321, height: 241, cell: 2, columns: 160, rows: 120, places: [0, 1] },
  { width: 480, height: 352, cell: 3, columns: 160, rows: 117, places: [0, 1, 2] },
  { width: 768, height: 576, cell: 5, columns: 153, rows: 115, places: [0, 2, 4] },
  { width: 1280, height: 720, cell: 8, columns: 160, rows: 90, places: [1, 4, 6] },
])('of $width x $height it has $columns x $rows cells of the mean green', (size) => {
  const { cell, columns, rows, places } = size;
  const frame = picture(size.width, size.height);
  const grid = lumaGrid(frame);
  expect([grid.columns, grid.rows, grid.cells.length]).toEqual([columns, rows, columns * rows]);
  for (const [column, row] of [[0, 0] as const, [columns - 1, rows - 1], [7, 31]]) {
    const read = places.flatMap((down) =>
      places.map((across) => {
        const at = (row * cell + down) * size.width + column * cell + across;
        return frame.pixels[at * 3 + 1] ?? Number.NaN;
      }),
    );
    const mean = read.reduce((sum, value) => sum + value, 0) / read.length;
    expect(grid.cells[row * columns + column]).toBeCloseTo(mean, 4);
  }
  const dark = { ...frame, pixels: new Uint8Array(frame.pixels.length) };
  expect(lumaGrid(dark, grid).cells).toBe(grid.cells);
  expect(grid.cells.every((value) => value === 0)).toBe(true);
});
