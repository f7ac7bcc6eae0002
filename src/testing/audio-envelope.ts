/**
 * Tells whether two recordings hold the same sound: the correlation (Pearson) of their loudness over time
 * at the best lag between them. Reads whatever ffmpeg reads.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export type EnvelopeMatch = Readonly<{
  correlation: number;
  /** How much later the sound comes in the second recording. */
  lagMs: number;
}>;

const run = promisify(execFile);
const sampleRate = 8000;
const windowMs = 10;
const mostLagMs = 2000;

export async function matchEnvelopes(first: string, second: string): Promise<EnvelopeMatch> {
  const [a, b] = await Promise.all([envelopeOf(first), envelopeOf(second)]);
  let best: EnvelopeMatch = { correlation: -1, lagMs: 0 };
  for (let lagMs = -mostLagMs; lagMs <= mostLagMs; lagMs += windowMs) {
    const correlation = correlationAt(a, b, lagMs / windowMs);
    if (correlation > best.correlation) best = { correlation, lagMs };
  }
  return best;
}

/** Root mean square of each window. */
async function envelopeOf(path: string): Promise<readonly number[]> {
  const { stdout } = await run(
    'ffmpeg',
    ['-v', 'error', '-i', path, '-ac', '1', '-ar', String(sampleRate), '-f', 's16le', 'pipe:1'],
    { encoding: 'buffer', maxBuffer: 100_000_000 },
  );
  const windowSamples = (sampleRate * windowMs) / 1000;
  const windows = Math.floor(stdout.length / 2 / windowSamples);
  return Array.from({ length: windows }, (_, window) => {
    let squares = 0;
    for (let index = 0; index < windowSamples; index += 1) {
      squares += stdout.readInt16LE((window * windowSamples + index) * 2) ** 2;
    }
    return Math.sqrt(squares / windowSamples);
  });
}

/** Over the union of both, silence where one has ended: what is missing or too much counts against it. */
function correlationAt(a: readonly number[], b: readonly number[], lag: number): number {
  const from = Math.min(0, -lag);
  const to = Math.max(a.length, b.length - lag);
  const sums = { n: to - from, a: 0, b: 0, aa: 0, bb: 0, ab: 0 };
  for (let at = from; at < to; at += 1) {
    const x = a[at] ?? 0;
    const y = b[at + lag] ?? 0;
    sums.a += x;
    sums.b += y;
    sums.aa += x * x;
    sums.bb += y * y;
    sums.ab += x * y;
  }
  const covariance = sums.ab - (sums.a * sums.b) / sums.n;
  const spread = (sums.aa - sums.a ** 2 / sums.n) * (sums.bb - sums.b ** 2 / sums.n);
  return spread > 0 ? covariance / Math.sqrt(spread) : 0;
}
