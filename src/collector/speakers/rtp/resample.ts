/**
 * Between the two rates of paging, for speakers that answer with another codec than the sound was prepared for.
 * Down: a short low-pass, then every second sample. Up: the sample between two is their mean.
 */
import type { SampleRate } from '../speaker.ts';

/** Half-band low-pass around the kept sample, 15 taps (Hamming window); zeros between are left out. */
const centreTap = 0.5;
const sideTaps = [0.3106, -0.0777, 0.0212, -0.0041];

/** Each piece by itself: at the edges of a piece of 20 ms the neighbours are taken as equal to the outermost sample. */
export function resample(samples: Int16Array, from: SampleRate, to: SampleRate): Int16Array {
  if (from === to) return samples;
  return from > to ? halved(samples) : doubled(samples);
}

function halved(samples: Int16Array): Int16Array {
  const last = samples.length - 1;
  const at = (index: number): number => samples[Math.max(0, Math.min(last, index))] ?? 0;
  return Int16Array.from({ length: Math.floor(samples.length / 2) }, (_, index) => {
    const centre = index * 2;
    const sum = sideTaps.reduce(
      (total, tap, side) => total + tap * (at(centre - 2 * side - 1) + at(centre + 2 * side + 1)),
      centreTap * at(centre),
    );
    return Math.max(-32768, Math.min(32767, Math.round(sum)));
  });
}

function doubled(samples: Int16Array): Int16Array {
  return Int16Array.from({ length: samples.length * 2 }, (_, index) => {
    const before = samples[index >> 1] ?? 0;
    return index % 2 === 0 ? before : (before + (samples[(index >> 1) + 1] ?? before)) >> 1;
  });
}
