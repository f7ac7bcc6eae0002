/**
 * ITU-T G.722 at 64 kbit/s: 16 kHz samples, two into one byte. A quadrature mirror filter splits the sound at 4 kHz;
 * the lower band is coded with 6 bits, the upper with 2, each as the difference from what an adaptive predictor expects.
 * Names follow the recommendation's blocks; tables are its own. All arithmetic is of 16-bit integers with saturation.
 */
import { type Band, createBand, scaleLower, scaleUpper, update } from './g722-band.ts';

/** Half of the 24 coefficients: the filter is symmetric. */
const qmf = [3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11];
/** Decision levels of the lower band's quantiser (Q6), without the outermost. */
const decisions = [
  35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940, 1023,
  1121, 1219, 1339, 1458, 1612, 1765, 1980, 2195, 2557, 2919,
];
const upperDecision = 564;
/** Inverse quantisers: 4 bits of the lower band, 2 of the upper. */
const lowerSteps = [
  0, -20456, -12896, -8968, -6288, -4240, -2584, -1200, 20456, 12896, 8968, 6288, 4240, 2584, 1200,
  0,
];
const upperSteps = [-7408, -1616, 7408, 1616];

/** An encoder of one stream; an odd last sample waits for its partner. */
export function createG722Encoder(): (samples: Int16Array) => Uint8Array {
  const lower = createBand(32);
  const upper = createBand(8);
  const history = new Int32Array(24);
  let waiting: number | undefined;

  const push = (first: number, second: number): void => {
    history.copyWithin(0, 2);
    history[22] = first;
    history[23] = second;
  };

  return (samples) => {
    const bytes = new Uint8Array(
      Math.floor((samples.length + (waiting === undefined ? 0 : 1)) / 2),
    );
    let at = 0;
    for (const sample of samples) {
      if (waiting === undefined) {
        waiting = sample;
        continue;
      }
      push(waiting, sample);
      waiting = undefined;
      const { low, high } = split(history);
      bytes[at] = (encodeUpper(upper, high) << 6) | encodeLower(lower, low);
      at += 1;
    }
    return bytes;
  };
}

function split(history: Int32Array): Readonly<{ low: number; high: number }> {
  let even = 0;
  let odd = 0;
  for (let index = 0; index < 12; index += 1) {
    odd += (history[2 * index] ?? 0) * (qmf[index] ?? 0);
    even += (history[2 * index + 1] ?? 0) * (qmf[11 - index] ?? 0);
  }
  return { low: (even + odd) >> 14, high: (even - odd) >> 14 };
}

function encodeLower(band: Band, sample: number): number {
  const difference = saturate(sample - band.prediction);
  const magnitude = difference >= 0 ? difference : -(difference + 1);
  let level = 1;
  for (const decision of decisions) {
    if (magnitude < (decision * band.scale) >> 12) break;
    level += 1;
  }
  // The codes of the recommendation: the first two levels of a sign stand apart from the others.
  const code = difference >= 0 ? 62 - level : level < 3 ? 64 - level : 34 - level;
  const coarse = code >> 2;
  const quantised = (band.scale * (lowerSteps[coarse] ?? 0)) >> 15;
  scaleLower(band, coarse);
  update(band, quantised);
  return code;
}

function encodeUpper(band: Band, sample: number): number {
  const difference = saturate(sample - band.prediction);
  const magnitude = difference >= 0 ? difference : -(difference + 1);
  const isLarge = magnitude >= (upperDecision * band.scale) >> 12;
  const code = difference >= 0 ? (isLarge ? 2 : 3) : isLarge ? 0 : 1;
  const quantised = (band.scale * (upperSteps[code] ?? 0)) >> 15;
  scaleUpper(band, code);
  update(band, quantised);
  return code;
}

function saturate(value: number): number {
  return Math.max(-32768, Math.min(32767, value));
}
