/**
 * What a bench camera's stream is like: a decoder's work goes by its bit rate, and how much of a sensor's noise an encoder
 * leaves in decides whether an empty lane is really still.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type StreamFacts = Readonly<{
  kbps: number;
  /** Of the pixels, how many differ from one picture to the next, in percent. */
  changedPercent: number;
}>;

/** Enough for both kinds of coded pictures. */
const comparedPictures = 21;
/** Grey pictures up to 3840x2160. */
const mostBytes = 256 * 1024 ** 2;

/** Rejects when the clip cannot be read. */
export async function streamFacts(clip: string): Promise<StreamFacts> {
  const asked = ['-v', 'error', '-select_streams', 'v:0', '-of', 'json', '-show_streams', clip];
  const { stdout } = await run('ffprobe', asked);
  const { streams } = JSON.parse(stdout) as {
    streams: readonly Readonly<{ width: number; height: number; bit_rate: string }>[];
  };
  const [stream] = streams;
  if (stream === undefined) throw new Error(`the clip ${clip} has no video`);
  const changed = await changedShare(clip, stream.width * stream.height);
  return {
    kbps: Math.round(Number(stream.bit_rate) / 1000),
    changedPercent: Math.round(changed * 1000) / 10,
  };
}

async function changedShare(clip: string, pictureBytes: number): Promise<number> {
  const decoded = ['-nostdin', '-v', 'error', '-i', clip, '-frames:v', String(comparedPictures)];
  const raw = ['-pix_fmt', 'gray', '-f', 'rawvideo', 'pipe:1'];
  const { stdout: bytes } = await run('ffmpeg', [...decoded, ...raw], {
    encoding: 'buffer',
    maxBuffer: mostBytes,
  });
  let changed = 0;
  for (let at = pictureBytes; at < bytes.length; at += 1)
    if (bytes[at] !== bytes[at - pictureBytes]) changed += 1;
  return changed / Math.max(1, bytes.length - pictureBytes);
}

export function streamText({ quiet, busy }: Readonly<{ quiet: StreamFacts; busy: StreamFacts }>) {
  const of = ({ kbps, changedPercent }: StreamFacts): string =>
    `${kbps} kbit/s, ${changedPercent} % of its pixels change from picture to picture`;
  return `a quiet camera's stream: ${of(quiet)}; a busy one's: ${of(busy)}`;
}
