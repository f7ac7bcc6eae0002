/** The three codecs of paging: all 64 kbit/s, 160 bytes for 20 ms. */
import { encodeG711, type G711Law, g711Silence } from './g711.ts';
import { createG722Encoder } from './g722.ts';
import { payloadBytes, payloadTypes } from './rtp-packet.ts';

export type CodecName = keyof typeof payloadTypes;

/** Takes samples in order; an encoder is good for one stream. */
type AudioEncoder = (samples: Int16Array) => Uint8Array;

export type AudioCodec = Readonly<{
  name: CodecName;
  payloadType: number;
  sampleRate: 8000 | 16000;
  /** 20 ms of it. */
  silence: Uint8Array;
  createEncoder: () => AudioEncoder;
}>;

function g711(name: G711Law): AudioCodec {
  return {
    name,
    payloadType: payloadTypes[name],
    sampleRate: 8000,
    silence: new Uint8Array(payloadBytes).fill(g711Silence[name]),
    createEncoder: () => (samples) => encodeG711(samples, name),
  };
}

export const audioCodecs: Readonly<Record<CodecName, AudioCodec>> = {
  pcmu: g711('pcmu'),
  pcma: g711('pcma'),
  g722: {
    name: 'g722',
    payloadType: payloadTypes.g722,
    sampleRate: 16000,
    silence: createG722Encoder()(new Int16Array(payloadBytes * 2)),
    createEncoder: createG722Encoder,
  },
};
