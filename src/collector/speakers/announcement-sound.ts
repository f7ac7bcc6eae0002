/** The sound of one order: the prepared one, said as often as it has to be, at its loudness, and not longer than allowed. Pure. */
import type { SampleRate } from './speaker.ts';

export type SoundShape = Readonly<{
  /** How often it is said; the default is once. */
  times?: number;
  /** Below the level that the preparation gives; the default is 0, never above. */
  gainDb?: number;
  mostSeconds: number;
}>;

const pauseSeconds = 1;

/** Is cut at `mostSeconds`, after the last whole repetition that fits, if one does. */
export function shapeSound(
  samples: Int16Array,
  sampleRate: SampleRate,
  { times = 1, gainDb = 0, mostSeconds }: SoundShape,
): Int16Array {
  const most = Math.floor(mostSeconds * sampleRate);
  const pause = pauseSeconds * sampleRate;
  const fitting = Math.floor((most + pause) / (samples.length + pause));
  const said = Math.max(1, Math.min(times, fitting));
  const length = Math.min(most, said * samples.length + (said - 1) * pause);
  const factor = 10 ** (Math.min(0, gainDb) / 20);
  const shaped = new Int16Array(length);
  for (let round = 0; round < said; round += 1) {
    const from = round * (samples.length + pause);
    shaped.set(samples.subarray(0, Math.max(0, length - from)), from);
  }
  return factor === 1 ? shaped : shaped.map((sample) => Math.round(sample * factor));
}

/** Two notes of a gong, a third apart, that nobody takes for an alarm: 1.2 s. */
export function testTone(sampleRate: SampleRate): Int16Array {
  const note = 0.6 * sampleRate;
  return Int16Array.from({ length: 2 * note }, (_, index) => {
    const hertz = index < note ? 659 : 523;
    const seconds = (index % note) / sampleRate;
    const attack = Math.min(1, seconds * 100);
    return Math.round(
      8000 * attack * Math.exp(-4 * seconds) * Math.sin(2 * Math.PI * hertz * seconds),
    );
  });
}
