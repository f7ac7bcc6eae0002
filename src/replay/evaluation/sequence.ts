/** Truth and result of one clip, laid side by side frame by frame, with the overlap of every pair. */
import { iou } from '../../edge/geometry/iou.ts';
import type { MotRow } from './mot-rows.ts';

/** `overlap[t][f]` is the IoU of the t-th true and the f-th found object. */
export type ComparedFrame = Readonly<{
  frame: number;
  trueIds: readonly number[];
  foundIds: readonly number[];
  overlap: readonly (readonly number[])[];
}>;

export type Sequence = readonly ComparedFrame[];

/** Only the given frames are compared: at a lower analysis rate the others were never looked at. */
export function compare(
  truth: readonly MotRow[],
  found: readonly MotRow[],
  frames: readonly number[],
): Sequence {
  const trueRows = byFrame(truth);
  const foundRows = byFrame(found);
  return frames.map((frame) => {
    const here = trueRows.get(frame) ?? [];
    const there = foundRows.get(frame) ?? [];
    return {
      frame,
      trueIds: here.map((row) => row.id),
      foundIds: there.map((row) => row.id),
      overlap: here.map((row) => there.map((other) => iou(row.box, other.box))),
    };
  });
}

/** In how many frames each id is there. */
export function countIds(frames: readonly (readonly number[])[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const id of frames.flat()) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

function byFrame(rows: readonly MotRow[]): ReadonlyMap<number, readonly MotRow[]> {
  const frames = new Map<number, MotRow[]>();
  for (const row of rows) {
    const there = frames.get(row.frame);
    if (there === undefined) frames.set(row.frame, [row]);
    else there.push(row);
  }
  return frames;
}
