/** Cuts a stream of bytes into MQTT packets (OASIS MQTT 3.1.1, 2.2), so that a proxy can count them or let some go. */

export const packetType = { publish: 3 } as const;

export type MqttFrame = Readonly<{ type: number; bytes: Buffer }>;

/** Answers with the packets that are whole by now; the rest waits for more. */
export function createFrameCutter(): (chunk: Buffer) => readonly MqttFrame[] {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    const frames: MqttFrame[] = [];
    for (let length = frameLength(rest); length <= rest.length; length = frameLength(rest)) {
      frames.push({ type: (rest[0] ?? 0) >> 4, bytes: rest.subarray(0, length) });
      rest = rest.subarray(length);
    }
    return frames;
  };
}

/** Infinite while not even the length is there. */
function frameLength(bytes: Buffer): number {
  let remaining = 0;
  for (let at = 1; at <= 4; at += 1) {
    const digit = bytes[at];
    if (digit === undefined) return Number.POSITIVE_INFINITY;
    remaining += (digit & 127) * 128 ** (at - 1);
    if (digit < 128) return at + 1 + remaining;
  }
  throw new Error('this is no MQTT: the length of a packet has more than four digits');
}

/** Of a publish packet. */
export function topicOf({ bytes }: MqttFrame): string {
  let at = 1;
  while (((bytes[at] ?? 0) & 128) !== 0) at += 1;
  const length = bytes.readUInt16BE(at + 1);
  return bytes.toString('utf8', at + 3, at + 3 + length);
}
