import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { encodeG711, type G711Law, g711Silence } from './g711.ts';

const everySample = Int16Array.from({ length: 65536 }, (_, index) => index - 32768);

/** ffmpeg's decoder is the judge. */
function decoded(law: G711Law, bytes: Uint8Array): Int16Array {
  const format = law === 'pcmu' ? 'mulaw' : 'alaw';
  const { stdout } = spawnSync(
    'ffmpeg',
    ['-v', 'error', '-f', format, '-ar', '8000', '-i', 'pipe:0', '-f', 's16le', 'pipe:1'],
    { input: bytes, maxBuffer: 1_000_000 },
  );
  return new Int16Array(stdout.buffer, stdout.byteOffset, stdout.length / 2);
}

describe.each(['pcmu', 'pcma'] as const)('G.711 %s', (law) => {
  test('decodes to within half a step of every sample', () => {
    const heard = decoded(law, encodeG711(everySample, law));
    expect(heard).toHaveLength(everySample.length);
    const worst = everySample.reduce((most, sample, index) => {
      // A step is a 16th of its segment's start, which mu-law shifts by its bias of 132.
      const magnitude = Math.abs(sample);
      const allowed = 1 + (law === 'pcmu' ? (magnitude + 132) / 32 : Math.max(magnitude / 32, 8));
      return Math.max(most, Math.abs(sample - (heard[index] ?? 0)) / allowed);
    }, 0);
    expect(worst).toBeLessThanOrEqual(1);
  });

  test('has its silence', () => {
    expect(encodeG711(Int16Array.of(0), law)[0]).toBe(g711Silence[law]);
  });
});
