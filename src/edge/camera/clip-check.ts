/** Looks at a clip before it is decoded: is it there, is it video, is it whole. Says what is wrong in one sentence. */
import { accessSync, constants } from 'node:fs';
import { startFfmpeg } from './ffmpeg-process.ts';

export type ClipFault = 'CLIP_MISSING' | 'CLIP_NO_VIDEO' | 'CLIP_TRUNCATED' | 'CLIP_UNREADABLE';

/** The message names the clip and the mend. */
export class ClipError extends Error {
  readonly code: ClipFault;
  constructor(code: ClipFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** `bare` streams (raw .264, .265, .mjpeg) carry no times of their own. */
export type CheckedClip = Readonly<{ fps: number; bare: boolean }>;

const bareFormats = new Set(['h264', 'hevc', 'mjpeg', 'mpegvideo', 'm4v', 'obu']);
/** What ffmpeg says when a file ends in the middle of something. */
const cutOff = /partial file|ended prematurely|Invalid NAL unit size|truncat|error reading header/i;
const damaged = /error while decoding|Error splitting|Invalid data found/i;

/** Throws ClipError. */
export async function checkClip(path: string): Promise<CheckedClip> {
  try {
    accessSync(path, constants.R_OK);
  } catch (cause) {
    const message = `clip ${path}: there is no such file that may be read; check the path`;
    throw new ClipError('CLIP_MISSING', message, { cause });
  }
  const { output, lines } = await probe(path);
  if (lines.some((line) => /moov atom not found/.test(line))) {
    const message = `clip ${path}: it is truncated or no video: it has no index; record or copy it again`;
    throw new ClipError('CLIP_TRUNCATED', message);
  }
  const facts = readProbe(output);
  if (facts === undefined) {
    const message = `clip ${path}: it holds no video that ffmpeg can read; give a recorded video file`;
    throw new ClipError('CLIP_NO_VIDEO', message);
  }
  if (facts.missingFrames || lines.some((line) => cutOff.test(line))) throw truncated(path);
  return { fps: facts.fps, bare: facts.bare };
}

export function truncated(path: string): ClipError {
  return new ClipError(
    'CLIP_TRUNCATED',
    `clip ${path}: it is truncated, so its results would be incomplete; record or copy it again`,
  );
}

/** True for a line in which ffmpeg reports bytes that it could not decode. */
export function reportsDamage(line: string): boolean {
  return cutOff.test(line) || damaged.test(line);
}

type Probe = Readonly<{ fps: number; bare: boolean; missingFrames: boolean }>;

async function probe(
  path: string,
): Promise<Readonly<{ output: string; lines: readonly string[] }>> {
  const child = startFfmpeg({
    program: 'ffprobe',
    args: [
      ...['-v', 'error', '-count_packets', '-select_streams', 'v:0', '-of', 'json'],
      ...['-show_entries', 'stream=width,avg_frame_rate,r_frame_rate,nb_frames,nb_read_packets'],
      ...['-show_entries', 'format=format_name', `file:${path}`],
    ],
  });
  let output = '';
  child.stdout.on('data', (bytes: Buffer) => {
    output += bytes.toString();
  });
  const { lines } = await child.closed;
  return { output, lines };
}

type ProbeOutput = {
  streams?: Partial<Record<string, string | number>>[];
  format?: { format_name?: string };
};

function readProbe(output: string): Probe | undefined {
  let parsed: ProbeOutput;
  try {
    parsed = JSON.parse(output) as ProbeOutput;
  } catch {
    return undefined;
  }
  const stream = parsed.streams?.[0];
  const format = parsed.format?.format_name ?? '';
  if (stream === undefined || Number(stream['width'] ?? 0) === 0) return undefined;
  const fps = rate(stream['avg_frame_rate']) ?? rate(stream['r_frame_rate']) ?? 25;
  // Only the mov family promises that its index counts packets.
  const promised = /\bmp4\b/.test(format) ? Number(stream['nb_frames'] ?? 0) : 0;
  const missingFrames = Number(stream['nb_read_packets'] ?? 0) < promised;
  return { fps, bare: bareFormats.has(format), missingFrames };
}

function rate(text: string | number | undefined): number | undefined {
  const [over, under] = String(text ?? '')
    .split('/')
    .map(Number);
  const fps = (over ?? 0) / (under ?? 1);
  return Number.isFinite(fps) && fps > 0 ? fps : undefined;
}
