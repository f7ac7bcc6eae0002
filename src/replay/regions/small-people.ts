/**
 * A recorded clip laid small into a large picture, as a street camera of 1920x1080 sees people far away, and the truth
 * about it, moved along.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Box } from '../../contract/shape.ts';
import type { MotRow } from '../evaluation/mot-rows.ts';

const run = promisify(execFile);

const large = { width: 1920, height: 1080 } as const;
/** Where the clip's corner lies: on no border of a block, and even, because `pad` moves it to a whole sample of colour. */
const corner = { x: 1030, y: 406 } as const;

export type SmallPeople = Readonly<{
  file: string;
  /** The median height of a person, in pixels. */
  personPixels: number;
  /** In shares of the large picture, by the number of the source's frame. */
  boxesOf: (frameNumber: number) => readonly Box[];
}>;

type Task = Readonly<{
  clip: string;
  /** The clip's own size. */
  width: number;
  rows: readonly MotRow[];
  personPixels: number;
  folder: string;
}>;

/** Writes the large clip into `folder`; the codec takes little away, since it is the size that is in question. */
export async function laySmall({
  clip,
  width,
  rows,
  personPixels,
  folder,
}: Task): Promise<SmallPeople> {
  const heights = rows.map(({ box }) => box.bottom - box.top).sort((a, b) => a - b);
  const scale = personPixels / (heights[Math.floor(heights.length / 2)] ?? personPixels);
  const file = join(folder, 'small-people.mp4');
  const small = 2 * Math.round((width * scale) / 2);
  const pad = `pad=${large.width}:${large.height}:${corner.x}:${corner.y}:color=0x6b6f66`;
  await run('ffmpeg', [
    ...['-v', 'error', '-y', '-i', clip],
    ...['-vf', `scale=${small}:-2:flags=area,${pad},noise=alls=4:allf=t`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '14', '-pix_fmt', 'yuv420p', file],
  ]);
  const place = (box: Box): Box => ({
    left: (corner.x + box.left * scale) / large.width,
    top: (corner.y + box.top * scale) / large.height,
    right: (corner.x + box.right * scale) / large.width,
    bottom: (corner.y + box.bottom * scale) / large.height,
  });
  const byFrame = new Map<number, Box[]>();
  for (const { frame, box } of rows) {
    const there = byFrame.get(frame) ?? [];
    byFrame.set(frame, [...there, place(box)]);
  }
  return {
    file,
    personPixels,
    boxesOf: (frameNumber) => byFrame.get(frameNumber) ?? [],
  };
}
