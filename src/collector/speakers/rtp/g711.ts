/**
 * ITU-T G.711: 16-bit samples to 8-bit companded ones, mu-law and A-law, from the segment tables of the recommendation.
 * Tables are made once; encoding is one look-up a sample.
 */

export type G711Law = 'pcmu' | 'pcma';

/** The byte that stands for silence. */
export const g711Silence: Readonly<Record<G711Law, number>> = { pcmu: 0xff, pcma: 0xd5 };

const muLawBias = 0x84;
const muLawClip = 32635;

const tables: Readonly<Record<G711Law, Uint8Array>> = {
  pcmu: tableOf(muLawByte),
  pcma: tableOf(aLawByte),
};

export function encodeG711(samples: Int16Array, law: G711Law): Uint8Array {
  const table = tables[law];
  return Uint8Array.from(samples, (sample) => table[sample + 32768] ?? 0);
}

function tableOf(encode: (sample: number) => number): Uint8Array {
  return Uint8Array.from({ length: 65536 }, (_, index) => encode(index - 32768));
}

function muLawByte(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), muLawClip) + muLawBias;
  const exponent = Math.floor(Math.log2(magnitude)) - 7;
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}

function aLawByte(sample: number): number {
  const sign = sample < 0 ? 0 : 0x80;
  const magnitude = (sample < 0 ? ~sample : sample) >> 4;
  const exponent = magnitude < 16 ? 0 : Math.floor(Math.log2(magnitude)) - 3;
  const mantissa = exponent < 2 ? magnitude & 0x0f : (magnitude >> (exponent - 1)) & 0x0f;
  return (sign | (exponent << 4) | mantissa) ^ 0x55;
}
