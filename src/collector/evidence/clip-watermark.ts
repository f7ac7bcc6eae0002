/**
 * Burns the watermark into a clip: its video is decoded and encoded again (H.264), without sound and without whatever else
 * the file holds. One at a time: each takes a core for some seconds, and the alarms come first.
 */
import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { fontLetters } from './font-letters.ts';
import { type Mark, watermarkSvg } from './watermark.ts';

export type MarkedClip = Readonly<{
  path: string;
  /** Of the clip as the centre keeps it. */
  originalSha256: string;
  remove: () => Promise<void>;
}>;

/** Far more than a clip of a minute takes on a slow machine. */
const patienceMs = 180_000;
/** 8192x4320: a file that claims more is not given the memory. */
const mostPixels = 8192 * 4320;

const run = promisify(execFile);

/** `folder` is for what is being sent; what a kill has left in it is removed at the first need. Rejects when it is no clip. */
export function createClipWatermark(
  folder: string,
): (clip: string, mark: Mark) => Promise<MarkedClip> {
  let last: Promise<unknown> | undefined;
  return (clip, mark) => {
    last ??= rm(folder, { recursive: true, force: true });
    const next = last.catch(() => undefined).then(() => burnIn(clip, mark, folder));
    last = next;
    return next;
  };
}

async function burnIn(clip: string, mark: Mark, folder: string): Promise<MarkedClip> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${randomUUID()}.mp4`);
  const picture = `${path}.png`;
  const remove = async (): Promise<void> => rm(path, { force: true });
  try {
    const originalSha256 = await hashOf(clip);
    const { width, height } = await sizeOf(clip);
    const svg = watermarkSvg(mark, width, height, await fontLetters());
    await writeFile(picture, await sharp(Buffer.from(svg)).png().toBuffer());
    await run('ffmpeg', argumentsFor(clip, picture, path), {
      timeout: patienceMs,
      killSignal: 'SIGKILL',
    });
    return { path, originalSha256, remove };
  } catch (error) {
    await remove();
    throw error;
  } finally {
    await rm(picture, { force: true });
  }
}

/** Nothing but the named file is opened, whatever the clip says. */
const input = (clip: string): readonly string[] => [
  ...['-protocol_whitelist', 'file', '-f', 'mp4', '-i', `file:${clip}`],
];

async function sizeOf(clip: string): Promise<Readonly<{ width: number; height: number }>> {
  const asked = ['-select_streams', 'v:0', '-show_entries', 'stream=width,height'];
  const { stdout } = await run(
    'ffprobe',
    ['-v', 'error', ...asked, '-of', 'csv=p=0', ...input(clip)],
    { timeout: patienceMs, killSignal: 'SIGKILL' },
  );
  const [width = 0, height = 0] = stdout.trim().split(',').map(Number);
  if (!(width > 0 && height > 0 && width * height <= mostPixels))
    throw new Error('the clip has no picture of a possible size');
  return { width, height };
}

function argumentsFor(clip: string, picture: string, to: string): readonly string[] {
  // H.264 as every player knows it has even sides.
  const filter = '[0:v:0][1:v]overlay=0:0,crop=trunc(iw/2)*2:trunc(ih/2)*2,format=yuv420p';
  return [
    ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-max_pixels', String(mostPixels)],
    ...input(clip),
    ...['-protocol_whitelist', 'file', '-i', `file:${picture}`],
    ...['-filter_complex', filter, '-an', '-map_metadata', '-1'],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '21', '-fps_mode', 'passthrough'],
    ...['-movflags', '+faststart', '-f', 'mp4', `file:${to}`],
  ];
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
  return hash.digest('hex');
}
