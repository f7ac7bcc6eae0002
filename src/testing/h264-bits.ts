/** Just enough H.264 (ITU-T H.264, 7.3) to claim a picture of any size: parameter sets, and the head of a slice with nonsense in it. */

export type ClaimedPicture = Readonly<{ sequenceSet: Buffer; pictureSet: Buffer; slice: Buffer }>;

/** Width and height are rounded up to whole blocks of 16. */
export function claimedPicture(width: number, height: number, nonsense: Buffer): ClaimedPicture {
  const blocks = (pixels: number): string => unsigned(Math.ceil(pixels / 16) - 1);
  // Identifier, frame numbers of 4 bits, order as decoded, one reference, no gaps.
  const order = [unsigned(0), unsigned(0), unsigned(2), unsigned(1), '0'];
  const size = [blocks(width), blocks(height), '1', '1', '0', '0'];
  const pictureSet = [unsigned(0), unsigned(0), '0', '0', ...Array(3).fill(unsigned(0)), '0', '00'];
  const tail = [...Array(3).fill(unsigned(0)), '0', '0', '0'];
  const sliceHead = [
    unsigned(0),
    unsigned(7),
    unsigned(0),
    '0000',
    unsigned(0),
    '0',
    '0',
    unsigned(0),
  ];
  return {
    // Baseline profile, level 6.2.
    sequenceSet: unit([0x67, 66, 0, 62], bytesOf([...order, ...size].join(''))),
    pictureSet: unit([0x68], bytesOf([...pictureSet, ...tail].join(''))),
    slice: unit([0x65], Buffer.concat([bytesOf(sliceHead.join('')), nonsense])),
  };
}

/** Exponential Golomb code. */
function unsigned(value: number): string {
  const bits = (value + 1).toString(2);
  return '0'.repeat(bits.length - 1) + bits;
}

/** With the stop bit. */
function bytesOf(bits: string): Buffer {
  const whole = `${bits}1`;
  const padded = whole.padEnd(Math.ceil(whole.length / 8) * 8, '0');
  return Buffer.from(padded.match(/.{8}/g)?.map((eight) => Number.parseInt(eight, 2)) ?? []);
}

/** No three bytes may look like the start of another unit. */
function unit(head: readonly number[], payload: Buffer): Buffer {
  const escaped = [...head];
  for (const byte of payload) {
    const [before, last] = escaped.slice(-2);
    if (before === 0 && last === 0 && byte <= 3) escaped.push(3);
    escaped.push(byte);
  }
  return Buffer.from(escaped);
}
