/**
 * What the bench's cameras show, as H.264 of the wanted size at 10 pictures a second, made once and kept in `.cache/bench`: people
 * in every picture, or the same place when nobody is there, with the light noise of a sensor.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { backgroundOf } from '../replay/empty-scenes/background.ts';

const run = promisify(execFile);
const cacheFolder = '.cache/bench';
const quietSeconds = 60;
/** As street cameras send it: a key frame every two seconds, no pictures out of order. */
const encoded =
  '-c:v libx264 -preset veryfast -g 20 -bf 0 -pix_fmt yuv420p -movflags +faststart'.split(' ');

/**
 * An encoder that goes by quality leaves out nearly all of a sensor's light noise; at the constant rate at which many
 * street cameras send, what nobody moves in is spent on the noise.
 */
function ratedAt(kbps: number | undefined): readonly string[] {
  if (kbps === undefined) return ['-crf', '28'];
  return ['-b:v', `${kbps}k`, '-maxrate', `${kbps}k`, '-bufsize', `${kbps}k`];
}

type Size = Readonly<{ width: number; height: number }>;

const usualSize: Size = { width: 768, height: 576 };

const scaledTo = ({ width, height }: Size): string =>
  `scale=${width}:${height}:flags=bicubic,fps=10`;

export type BenchClips = Readonly<{ quiet: string; busy: string }>;

/** Rejects with one sentence when the clip cannot be read. */
export async function benchClips(
  clip: string,
  say: (line: string) => void,
  { size = usualSize, kbps }: Partial<Readonly<{ size: Size; kbps: number | undefined }>> = {},
): Promise<BenchClips> {
  const { size: bytes } = fileFacts(clip);
  const key = createHash('sha256')
    .update(`${resolve(clip)} ${bytes}${sizeMark(size)}${kbps === undefined ? '' : ` ${kbps}k`}`)
    .digest('hex')
    .slice(0, 12);
  mkdirSync(cacheFolder, { recursive: true });
  const busy = join(cacheFolder, `busy-${key}.mp4`);
  const quiet = join(cacheFolder, `quiet-${key}.mp4`);
  if (!existsSync(busy)) {
    say(`encoding ${clip}, once`);
    const whole = ['-i', clip, '-map', '0:v:0', '-an', '-vf', scaledTo(size)];
    await encode(busy, [...whole, ...ratedAt(kbps)]);
  }
  if (!existsSync(quiet)) {
    say('encoding the empty lane, once');
    await encodeEmptyLane(clip, size, ratedAt(kbps), quiet);
  }
  return { quiet, busy };
}

/** None for the usual size. */
function sizeMark({ width, height }: Size): string {
  const isUsual = width === usualSize.width && height === usualSize.height;
  return isUsual ? '' : ` ${width}x${height}`;
}

function fileFacts(clip: string) {
  try {
    return statSync(clip);
  } catch (cause) {
    throw new Error(`the clip ${clip} cannot be read; name another with --clip`, { cause });
  }
}

async function encodeEmptyLane(
  clip: string,
  size: Size,
  rate: readonly string[],
  file: string,
): Promise<void> {
  const { width, height, pixels } = await backgroundOf(clip);
  const still = `${file}.png`;
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(still);
  const noisy = `${scaledTo(size)},noise=alls=4:allf=t`;
  const picture = ['-loop', '1', '-framerate', '10', '-i', still];
  await encode(file, [...picture, '-t', String(quietSeconds), '-vf', noisy, ...rate]);
  rmSync(still);
}

/** An interrupted encoding leaves no half clip behind. */
async function encode(file: string, args: readonly string[]): Promise<void> {
  const half = `${file}.half.mp4`;
  await run('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args, ...encoded, half]);
  renameSync(half, file);
}
