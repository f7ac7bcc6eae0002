/**
 * Brings speech and recordings to one loudness, for horn speakers in a street: low rumble cut, dynamics narrowed,
 * then gain and a limiter until ITU-R BS.1770 (ffmpeg's ebur128) says that it fits.
 * The limiter works on four times the samples, because peaks between samples (true peaks) are what distorts.
 */
import { because } from '../../../contract/reason.ts';
import { runProgram } from '../child-program.ts';
import type { SampleRate } from '../speaker.ts';

export const defaultTargetLufs = -16;
/** dBFS; the promise is -1, the rest is for what a codec adds. */
const mostTruePeak = -1.5;
const longestSeconds = 120;
const loudnessTolerance = 0.3;
const mostRounds = 5;
/** Below this nothing is there to be heard. */
const silenceLufs = -60;

/** Stands in the cache key: change it with any change of the chain. */
export const chainVersion = 'loudness-1';

const shape = 'highpass=f=250,acompressor=threshold=-24dB:ratio=6:attack=3:release=60:makeup=6';

export type Levelled =
  | Readonly<{ ok: true; integratedLufs: number; truePeakDbfs: number }>
  | Readonly<{ ok: false; reason: string }>;

export type LevelJob = Readonly<{
  inputPath: string;
  outputPath: string;
  sampleRate: SampleRate;
  /** The default is -16. */
  targetLufs?: number;
  signal: AbortSignal;
}>;

/** Reads anything that ffmpeg reads; writes a mono PCM16 WAV of at most two minutes. */
export async function level(job: LevelJob): Promise<Levelled> {
  const shapedPath = `${job.outputPath}.shaped.wav`;
  const shapedFrom = (mono: string): Promise<Levelled> =>
    convert(
      ['-t', String(longestSeconds), '-i', job.inputPath],
      // Shorter than a second cannot be measured; the silence behind it disturbs nobody.
      `${mono},${shape},aresample=${job.sampleRate},apad=whole_dur=1`,
      ['-c:a', 'pcm_f32le', shapedPath],
      job.signal,
    );
  let shaped = await shapedFrom('aformat=channel_layouts=mono');
  // Channels that are each other's opposite cancel each other out; then one of them has it all.
  if (shaped.ok && !(shaped.integratedLufs > silenceLufs))
    shaped = await shapedFrom('pan=mono|c0=c0');
  if (!shaped.ok) return shaped;
  if (!(shaped.integratedLufs > silenceLufs))
    return { ok: false, reason: because('recording-silent') };
  const { targetLufs = defaultTargetLufs } = job;
  return limit(shapedPath, shaped.integratedLufs, { ...job, targetLufs });
}

/** The limiter took more than there was to give: of a sound that is nothing but peaks nothing is left. */
export function isTooSoft(integratedLufs: number, targetLufs = defaultTargetLufs): boolean {
  return targetLufs - integratedLufs > 1;
}

async function limit(
  shapedPath: string,
  shapedLufs: number,
  job: Required<LevelJob>,
): Promise<Levelled> {
  let gainDb = job.targetLufs - shapedLufs;
  let limitDb = mostTruePeak;
  let measured: Levelled = { ok: false, reason: 'it was not measured' };
  for (let round = 0; round < mostRounds; round += 1) {
    measured = await convert(
      ['-i', shapedPath],
      `volume=${gainDb.toFixed(2)}dB,aresample=${job.sampleRate * 4},` +
        `alimiter=limit=${decibelsToFactor(limitDb)}:level=disabled,aresample=${job.sampleRate}`,
      ['-c:a', 'pcm_s16le', job.outputPath],
      job.signal,
    );
    if (!measured.ok) return measured;
    const missing = job.targetLufs - measured.integratedLufs;
    const over = measured.truePeakDbfs - mostTruePeak;
    if (Math.abs(missing) <= loudnessTolerance && over <= 0.2) break;
    gainDb += missing;
    limitDb -= Math.max(0, over);
  }
  return measured;
}

/** One run of ffmpeg that writes the filtered sound and measures what it writes. */
async function convert(
  input: readonly string[],
  filters: string,
  output: readonly string[],
  signal: AbortSignal,
): Promise<Levelled> {
  const graph = `[0:a:0]${filters},asplit[sound][copy];[copy]ebur128=peak=true:framelog=verbose[measured]`;
  const end = await runProgram({
    program: 'ffmpeg',
    args: [
      ...['-nostdin', '-hide_banner', '-nostats', '-v', 'info', '-y'],
      // A playlist under the name of a recording must not make ffmpeg fetch anything.
      ...['-format_whitelist', 'wav,mp3', '-protocol_whitelist', 'file', ...input],
      ...['-filter_complex', graph, '-map', '[sound]', '-map_metadata', '-1', ...output],
      ...['-map', '[measured]', '-f', 'null', '-'],
    ],
    signal,
  });
  if (!end.ok) return { ok: false, reason: end.reason };
  return {
    ok: true,
    integratedLufs: figure(end.stderr, /I:\s+(-?[\d.]+|-inf|nan) LUFS/g),
    truePeakDbfs: figure(end.stderr, /Peak:\s+(-?[\d.]+|-inf|nan) dBFS/g),
  };
}

/** The last match: the summary stands at the end. */
function figure(text: string, pattern: RegExp): number {
  const found = [...text.matchAll(pattern)].at(-1)?.[1];
  return found === undefined || found.endsWith('inf') ? -Infinity : Number(found);
}

function decibelsToFactor(decibels: number): string {
  return (10 ** (decibels / 20)).toFixed(4);
}
