/** A whole announcement as payload, with the silence before it that speakers need to open their amplifiers. */
import type { AudioCodec } from './audio-codec.ts';
import { payloadBytes } from './rtp-packet.ts';

/** Some speakers swallow the first tenths of a second. */
const leadSilenceMs = 300;

/** Takes samples at the codec's rate; whole packets come out. `tailMs` is silence at the end. */
export function encodeWhole(samples: Int16Array, codec: AudioCodec, tailMs = 0): Uint8Array {
  const lead = (codec.sampleRate * leadSilenceMs) / 1000;
  const tail = (codec.sampleRate * tailMs) / 1000;
  const perPacket = (payloadBytes * codec.sampleRate) / 8000;
  const padded = new Int16Array(Math.ceil((lead + samples.length + tail) / perPacket) * perPacket);
  padded.set(samples, lead);
  return codec.createEncoder()(padded);
}
