/**
 * Finds the holes in a camera's stream by the sequence numbers of RTP (RFC 3550, section 5.1): a camera or a radio link
 * that is too slow leaves packets out, and a decoder does not notice each of them. Pure; one for each connection.
 */

export type PacketGaps = Readonly<{
  /** A run of whole interleaved frames (RFC 2326, section 10.12). */
  taken: (run: Buffer) => void;
}>;

type Stream = { sequence: number; harmedTime: number | undefined };

const headBytes = 4;
const rtpBytes = 12;
/** A larger step is a new count of the camera's own, not a loss. */
const mostMissing = 3000;

/** `onHarmed` is told how many pictures lost a part of themselves, or all, when any did. */
export function createPacketGaps(onHarmed: (pictures: number) => void): PacketGaps {
  const streams = new Map<number, Stream>();
  const isHarmed = (channel: number, packet: Buffer): boolean => {
    const sequence = packet.readUInt16BE(2);
    const stream = streams.get(channel);
    if (stream === undefined) {
      streams.set(channel, { sequence, harmedTime: undefined });
      return false;
    }
    const missing = (sequence - stream.sequence - 1 + 65_536) % 65_536;
    stream.sequence = sequence;
    const time = packet.readUInt32BE(4);
    if (missing === 0 || missing > mostMissing || time === stream.harmedTime) return false;
    stream.harmedTime = time;
    return true;
  };
  return {
    taken: (run) => {
      let harmed = 0;
      for (let at = 0; at + headBytes + rtpBytes <= run.length; ) {
        const [channel, length] = [run[at + 1] ?? 0, run.readUInt16BE(at + 2)];
        const packet = run.subarray(at + headBytes, at + headBytes + length);
        // Odd channels carry RTCP.
        if (channel % 2 === 0 && packet.length >= rtpBytes && isHarmed(channel, packet))
          harmed += 1;
        at += headBytes + length;
      }
      if (harmed > 0) onHarmed(harmed);
    },
  };
}
