/**
 * A recording of a lane in which nobody is: one still picture in changing light. Clouds pass, dusk falls and lifts,
 * a lamp goes on and off, the sensor is noisy; the whole of it is squeezed into the length that is asked for.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import type { StillPicture } from './background.ts';

const run = promisify(execFile);

type Recording = Readonly<{ folder: string; seconds: number; framesPerSecond: number }>;

/** Writes into `folder` and answers with the file. */
export async function recordEmptyLane(
  { width, height, pixels }: StillPicture,
  { folder, seconds, framesPerSecond }: Recording,
): Promise<string> {
  const still = join(folder, 'still.png');
  const lamp = join(folder, 'lamp.png');
  const file = join(folder, 'empty-lane.mp4');
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(still);
  await sharp(Buffer.from(lampLight(width, height)))
    .png()
    .toFile(lamp);
  const picture = (name: string) => [
    '-loop',
    '1',
    '-framerate',
    String(framesPerSecond),
    '-i',
    name,
  ];
  await run('ffmpeg', [
    ...['-v', 'error', '-y', ...picture(still), ...picture(lamp)],
    ...['-filter_complex', lightOver(seconds), '-t', String(seconds)],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '20', '-pix_fmt', 'yuv420p', file],
  ]);
  return file;
}

/** The lamp's light on the lane, warm, a third of the picture wide; black where it does not reach. */
function lampLight(width: number, height: number): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`,
    '<defs><radialGradient id="lamp" cx="0.35" cy="0.6" r="0.35">',
    '<stop offset="0" stop-color="rgb(190,160,95)"/><stop offset="1" stop-color="black"/>',
    '</radialGradient></defs>',
    '<rect width="100%" height="100%" fill="url(#lamp)"/></svg>',
  ].join('');
}

/** Dusk once, clouds fifteen times, the lamp on for half of each tenth of the time. */
function lightOver(seconds: number): string {
  const dusk = `-0.15*(1-cos(2*PI*t/${seconds}))`;
  const clouds = `0.08*sin(2*PI*t/${seconds / 15})`;
  const lamp = seconds / 10;
  return [
    `[0]eq=brightness='${dusk}+${clouds}':eval=frame,format=gbrp[day]`,
    '[1]format=gbrp[lamp]',
    `[day][lamp]blend=all_mode=screen:enable='gte(mod(t,${lamp}),${lamp / 2})',noise=alls=12:allf=t`,
  ].join(';');
}
