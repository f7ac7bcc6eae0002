/** Whole numbers in as few bytes as they need (LEB128, as in WebAssembly and Protocol Buffers; zigzag for signed ones). */

export type ByteWriter = Readonly<{
  byte: (value: number) => void;
  /** 0 to 2^53. */
  whole: (value: number) => void;
  signed: (value: number) => void;
  float: (value: number) => void;
  text: (value: string) => void;
  bytes: () => Uint8Array;
}>;

export function createByteWriter(): ByteWriter {
  const written: number[] = [];
  const whole = (value: number): void => {
    let left = value;
    while (left >= 128) {
      written.push((left % 128) | 128);
      left = Math.floor(left / 128);
    }
    written.push(left);
  };
  return {
    byte: (value) => {
      written.push(value & 255);
    },
    whole,
    signed: (value) => whole(value < 0 ? -2 * value - 1 : 2 * value),
    float: (value) => {
      const bytes = new DataView(new ArrayBuffer(8));
      bytes.setFloat64(0, value, true);
      written.push(...new Uint8Array(bytes.buffer));
    },
    text: (value) => {
      const bytes = new TextEncoder().encode(value);
      whole(bytes.length);
      written.push(...bytes);
    },
    bytes: () => Uint8Array.from(written),
  };
}

/** Bytes and how far they have been read. Plain data and functions: a day is ten million numbers. */
export type ByteReader = { readonly bytes: Uint8Array; at: number };

const utf8 = new TextDecoder();
/** Up to this many bits the engine's whole numbers take, which are much faster. */
const fastBits = 28;

/** The reading functions throw RangeError beyond the end. */
export function createByteReader(bytes: Uint8Array): ByteReader {
  return { bytes, at: 0 };
}

export function isAtEnd({ bytes, at }: ByteReader): boolean {
  return at >= bytes.length;
}

export function readByte(from: ByteReader): number {
  const value = from.bytes[from.at];
  if (value === undefined) throw tooShort();
  from.at += 1;
  return value;
}

export function readWhole(from: ByteReader): number {
  let value = readByte(from);
  if (value < 128) return value;
  value &= 127;
  for (let bits = 7; bits < fastBits; bits += 7) {
    const next = readByte(from);
    value |= (next & 127) << bits;
    if (next < 128) return value;
  }
  return value + readRest(from);
}

function readRest(from: ByteReader): number {
  let value = 0;
  for (let scale = 2 ** fastBits; ; scale *= 128) {
    const next = readByte(from);
    value += (next & 127) * scale;
    if (next < 128) return value;
  }
}

export function readSigned(from: ByteReader): number {
  const value = readWhole(from);
  if (value < 2 ** fastBits) return (value >>> 1) ^ -(value & 1);
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

export function readFloat(from: ByteReader): number {
  const { bytes, at } = from;
  if (at + 8 > bytes.length) throw tooShort();
  from.at += 8;
  return new DataView(bytes.buffer, bytes.byteOffset + at, 8).getFloat64(0, true);
}

export function readText(from: ByteReader): string {
  const length = readWhole(from);
  const { bytes, at } = from;
  if (at + length > bytes.length) throw tooShort();
  from.at += length;
  return utf8.decode(bytes.subarray(at, at + length));
}

function tooShort(): RangeError {
  return new RangeError('the record is shorter than it says');
}
