/** Reads the samples of a mono PCM16 WAV file, as the loudness chain writes them (RIFF, little endian). */

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
