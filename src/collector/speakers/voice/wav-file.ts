/** Mono PCM16 WAV files (RIFF, little endian), as the loudness chain writes them. */

export type WavSamples = Readonly<{ sampleRate: number; samples: Int16Array }>;

/** Throws a RangeError when the bytes are no mono PCM16 WAV: such a file in the cache is a bug. */
export function readWav(bytes: Uint8Array): WavSamples {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const format = chunk(view, 'fmt ');
  const data = chunk(view, 'data');
  const channels = view.getUint16(format.start + 2, true);
  const bits = view.getUint16(format.start + 14, true);
  if (channels !== 1 || bits !== 16) {
    throw new RangeError(`not a mono PCM16 WAV: ${channels} channels of ${bits} bits`);
  }
  const count = Math.floor(Math.min(data.length, view.byteLength - data.start) / 2);
  const samples = Int16Array.from({ length: count }, (_, index) =>
    view.getInt16(data.start + index * 2, true),
  );
  return { sampleRate: view.getUint32(format.start + 4, true), samples };
}

/** The bytes of a whole file. */
export function wavFile({ sampleRate, samples }: WavSamples): Uint8Array {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.length * 2, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.length * 2, 40);
  return Buffer.concat([
    header,
    new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength),
  ]);
}

function chunk(view: DataView, name: string): Readonly<{ start: number; length: number }> {
  let at = 12;
  while (at + 8 <= view.byteLength) {
    const length = view.getUint32(at + 4, true);
    if (nameAt(view, at) === name) return { start: at + 8, length };
    at += 8 + length + (length % 2);
  }
  throw new RangeError(`not a WAV: it has no "${name}" part`);
}

function nameAt(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((offset) => view.getUint8(at + offset)));
}
