/**
 * What a camera's picture is made of, in a few figures, for noticing that somebody meddled with the camera: edges of the
 * luma grid (where things stand), fine detail from pixel to pixel (whether it is sharp), brightness.
 */
import type { Frame } from '../camera/frame.ts';
import type { LumaGrid } from './luma-grid.ts';

export type PictureDetail = Readonly<{
  /** Difference over `edgeCells` to the right and down from each cell of the grid, in levels. */
  edges: Float32Array;
  /** Mean of `edges`. */
  edgeMean: number;
  /** Mean difference of neighbouring pixels, in levels. */
  fineDetail: number;
  /** Mean luma, 0..255. */
  brightness: number;
  /** Changes with every change of the picture; the same only for the very same picture. */
  fingerprint: number;
}>;

/** Wide enough that a picture out of focus keeps its outlines. */
const edgeCells = 4;
/** Each so manieth row is read for the fine detail. */
const rowStep = 8;

export function pictureDetail(
  frame: Pick<Frame, 'width' | 'height' | 'pixels'>,
  { columns, rows, cells }: LumaGrid,
): PictureDetail {
  const edges = new Float32Array(cells.length);
  let edgeSum = 0;
  let sum = 0;
  let fingerprint = 0;
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1) {
      const at = y * columns + x;
      const here = cells[at] ?? 0;
      const across = x + edgeCells < columns ? Math.abs((cells[at + edgeCells] ?? 0) - here) : 0;
      const below = cells[at + edgeCells * columns] ?? here;
      const down = Math.abs(below - here);
      edges[at] = across + down;
      edgeSum += across + down;
      sum += here;
      fingerprint = (Math.imul(fingerprint, 31) + Math.round(here * 9)) | 0;
    }
  }
  return {
    edges,
    edgeMean: edgeSum / cells.length,
    fineDetail: fineDetail(frame),
    brightness: sum / cells.length,
    fingerprint,
  };
}

/** Differences of green from pixel to pixel along some rows. */
function fineDetail({ width, height, pixels }: Pick<Frame, 'width' | 'height' | 'pixels'>): number {
  let sum = 0;
  let count = 0;
  for (let y = rowStep / 2; y < height; y += rowStep) {
    let before = pixels[y * width * 3 + 1] ?? 0;
    for (let at = y * width * 3 + 4; at < (y + 1) * width * 3; at += 3) {
      const here = pixels[at] ?? 0;
      sum += Math.abs(here - before);
      before = here;
      count += 1;
    }
  }
  return count === 0 ? 0 : sum / count;
}
