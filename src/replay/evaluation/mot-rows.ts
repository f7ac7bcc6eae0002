/**
 * Boxes in the text form of the MOT Challenge: `frame,id,left,top,width,height,confidence,x,y,z`,
 * one a line, frames from 1, source pixels (https://arxiv.org/abs/1603.00831, section 3.3).
 */
import type { Box } from '../../contract/shape.ts';

/** One object in one frame. `box` is in source pixels here, not in fractions of the picture. */
export type MotRow = Readonly<{ frame: number; id: number; box: Box; confidence: number }>;

/** Throws a SyntaxError that names the line which is none. */
export function readMotRows(text: string): readonly MotRow[] {
  return text
    .split('\n')
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== '')
    .map(({ line, number }) => readMotRow(line, number));
}

export function writeMotRow({ frame, id, box, confidence }: MotRow): string {
  const sides = [box.left, box.top, box.right - box.left, box.bottom - box.top];
  const figures = sides.map((side) => side.toFixed(2)).join(',');
  return `${frame},${id},${figures},${confidence.toFixed(3)},-1,-1,-1`;
}

function readMotRow(line: string, number: number): MotRow {
  const [frame, id, left, top, width, height, confidence = 1] = line.split(',').map(Number);
  const figures = [frame, id, left, top, width, height, confidence];
  if (
    frame === undefined ||
    id === undefined ||
    left === undefined ||
    top === undefined ||
    width === undefined ||
    height === undefined ||
    figures.some((figure) => !Number.isFinite(figure))
  ) {
    throw new SyntaxError(`line ${number} is no MOT Challenge row: "${line}"`);
  }
  return { frame, id, box: { left, top, right: left + width, bottom: top + height }, confidence };
}
