/** Live speech over an opened RTP channel: encodes what is written, packet by packet. */
import type { LiveStream, Outcome, SampleRate } from '../speaker.ts';
import type { AudioCodec } from './audio-codec.ts';
import { resample } from './resample.ts';
import type { StreamEnd } from './rtp-messages.ts';
import { payloadBytes } from './rtp-packet.ts';
import type { RtpChannel } from './rtp-sender.ts';
import type { RtpTarget } from './rtp-socket.ts';

export type RtpLiveParts = Readonly<{
  channel: RtpChannel;
  codec: AudioCodec;
  /** Of what is written. */
  sampleRate: SampleRate;
  target: RtpTarget;
  signal: AbortSignal;
  /** What has to be done when the last packet has left; its answer is the outcome. */
  end: (end: StreamEnd) => Promise<Outcome>;
}>;

export function openRtpLive(parts: RtpLiveParts): LiveStream {
  const { channel, codec, sampleRate, target, signal } = parts;
  const encode = codec.createEncoder();
  const { payloadType, silence } = codec;
  const live = channel.live({ target, payloadType, silence }, signal);
  const ended = live.ended.then(parts.end);
  let rest = new Uint8Array(0);
  return {
    sampleRate,
    write: (samples) => {
      const bytes = encode(resample(samples, sampleRate, codec.sampleRate));
      rest = new Uint8Array([...rest, ...bytes]);
      while (rest.length >= payloadBytes) {
        live.write(rest.slice(0, payloadBytes));
        rest = rest.slice(payloadBytes);
      }
    },
    close: () => {
      live.finish();
      return ended;
    },
    ended,
  };
}
