/**
 * Sound whose order is heard through holes: three tones one after the other. What goes over a busy machine in real time may
 * miss a piece anywhere, and what comes after it is shifted; but a tone stays a tone, and none comes before its time.
 */
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

export const threeTones: readonly number[] = [500, 900, 1300];
export const toneSeconds = 2;

const run = promisify(execFile);
const sampleRate = 8000;
/** 20 ms, in which each tone swings a whole number of times. */
const windowSamples = 160;
const silence = 300;
/** Of a window's energy; one that is cut by a hole has less. */
const pureShare = 0.8;

export function writeThreeTones(path: string, rate: number): void {
  const source = `aevalsrc=0.5*sin(2*PI*(500+400*floor(t/0.7))*t):s=${rate}:d=${toneSeconds}`;
  spawnSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', source, path]);
}

/** The tones in the order in which a recording holds them; reads whatever ffmpeg reads. */
export async function tonesIn(path: string): Promise<readonly number[]> {
  const { stdout } = await run(
    'ffmpeg',
    ['-v', 'error', '-i', path, '-ac', '1', '-ar', String(sampleRate), '-f', 's16le', 'pipe:1'],
    { encoding: 'buffer', maxBuffer: 100_000_000 },
  );
  const windows = Math.floor(stdout.length / 2 / windowSamples);
  const heard = Array.from({ length: windows }, (_, window) => {
    const samples = Array.from({ length: windowSamples }, (_one, at) =>
      stdout.readInt16LE((window * windowSamples + at) * 2),
    );
    return threeTones.find((tone) => isPure(samples, tone));
  }).filter((tone) => tone !== undefined);
  return heard.filter((tone, at) => tone !== heard[at - 1]);
}

function isPure(samples: readonly number[], tone: number): boolean {
  const energy = samples.reduce((sum, sample) => sum + sample ** 2, 0);
  if (energy < silence ** 2 * windowSamples) return false;
  const turn = (2 * Math.PI * tone) / sampleRate;
  const cosine = samples.reduce((sum, sample, at) => sum + sample * Math.cos(turn * at), 0);
  const sine = samples.reduce((sum, sample, at) => sum + sample * Math.sin(turn * at), 0);
  return (2 * (cosine ** 2 + sine ** 2)) / windowSamples >= energy * pureShare;
}
