import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { createG722Encoder } from './g722.ts';

/** Speech-like: a gliding tone with overtones beyond 4 kHz, in bursts. */
const source = Int16Array.from({ length: 32_000 }, (_, index) => {
  const t = index / 16_000;
  const voice =
    Math.sin(2 * Math.PI * (300 + 200 * t) * t) + 0.3 * Math.sin(2 * Math.PI * 5200 * t);
  return Math.round(9000 * voice * (0.5 + 0.5 * Math.sin(2 * Math.PI * 3 * t)));
});

/** ffmpeg's decoder is the judge. */
function decoded(bytes: Uint8Array): Int16Array {
  const { stdout } = spawnSync(
    'ffmpeg',
    ['-v', 'error', '-f', 'g722', '-i', 'pipe:0', '-f', 's16le', 'pipe:1'],
    { input: bytes, maxBuffer: 1_000_000 },
  );
  return new Int16Array(stdout.buffer, stdout.byteOffset, stdout.length / 2);
}

/** In decibels, at the lag that fits best: the two filters delay the sound. */
function signalToNoise(sent: Int16Array, heard: Int16Array): number {
  const noises = Array.from({ length: 40 }, (_, lag) => {
    let [signal, noise] = [0, 0];
    for (let at = 800; at < sent.length - 800; at += 1) {
      signal += (sent[at] ?? 0) ** 2;
      noise += ((sent[at] ?? 0) - (heard[at + lag] ?? 0)) ** 2;
    }
    return 10 * Math.log10(signal / noise);
  });
  return Math.max(...noises);
}

test('G.722 is decoded to what was sent, in packets as in one piece', () => {
  const whole = createG722Encoder()(source);
  expect(whole).toHaveLength(source.length / 2);
  expect(signalToNoise(source, decoded(whole))).toBeGreaterThan(20);

  const encode = createG722Encoder();
  const packets = Array.from({ length: 100 }, (_, index) =>
    encode(source.subarray(index * 320, (index + 1) * 320)),
  );
  expect(Buffer.concat(packets).equals(whole)).toBe(true);
});

test('G.722 survives the loudest sound and stays silent in silence', () => {
  const square = Int16Array.from({ length: 3200 }, (_, index) =>
    index % 64 < 32 ? 32767 : -32768,
  );
  const heard = decoded(createG722Encoder()(square));
  expect(Math.max(...heard)).toBeGreaterThan(25_000);
  const silence = decoded(createG722Encoder()(new Int16Array(3200)));
  expect(Math.max(...silence.map(Math.abs))).toBeLessThan(20);
});
