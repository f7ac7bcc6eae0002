/**
 * RTP (RFC 3550) for audio of 64 kbit/s in packets of 20 ms: 12 bytes of header, 160 of payload.
 * The clock counts 8000 a second for G.722 too, although it carries 16 kHz (RFC 3551, 4.5.2).
 */

export const packetMs = 20;
export const payloadBytes = 160;
const clockTicksPerPacket = 160;
const headerBytes = 12;

/** Static payload types of RFC 3551. */
export const payloadTypes = { pcmu: 0, pcma: 8, g722: 9 } as const;

export type RtpStreamStart = Readonly<{
  payloadType: number;
  firstSequence: number;
  firstTimestamp: number;
  source: number;
}>;

/** The packet with the given index of a stream; the first one bears the marker of a talk spurt. */
export function rtpPacket(stream: RtpStreamStart, index: number, payload: Uint8Array): Uint8Array {
  const packet = new Uint8Array(headerBytes + payload.length);
  const header = new DataView(packet.buffer);
  header.setUint8(0, 0x80);
  header.setUint8(1, (index === 0 ? 0x80 : 0) | stream.payloadType);
  header.setUint16(2, (stream.firstSequence + index) & 0xffff);
  header.setUint32(4, (stream.firstTimestamp + index * clockTicksPerPacket) >>> 0);
  header.setUint32(8, stream.source >>> 0);
  packet.set(payload, headerBytes);
  return packet;
}
