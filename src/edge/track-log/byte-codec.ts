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

export type ByteReader = Readonly<{
  byte: () => number;
  whole: () => number;
  signed: () => number;
  float: () => number;
  text: () => string;
  isAtEnd: () => boolean;
}>;

/** Throws RangeError when it is read beyond its end. */
export function createByteReader(bytes: Uint8Array): ByteReader {
  const floats = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const byte = (): number => {
    const value = bytes[at];
    if (value === undefined) throw new RangeError('the record is shorter than it says');
    at += 1;
    return value;
  };
  const whole = (): number => {
    let value = byte();
    if (value < 128) return value;
    value -= 128;
    for (let scale = 128; ; scale *= 128) {
      const next = byte();
      if (next < 128) return value + next * scale;
      value += (next - 128) * scale;
    }
  };
  return {
    byte,
    whole,
    signed: () => {
      const value = whole();
      return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    },
    float: () => {
      if (at + 8 > bytes.length) throw new RangeError('the record is shorter than it says');
      at += 8;
      return floats.getFloat64(at - 8, true);
    },
    text: () => new TextDecoder().decode(Uint8Array.from({ length: whole() }, byte)),
    isAtEnd: () => at >= bytes.length,
  };
}
