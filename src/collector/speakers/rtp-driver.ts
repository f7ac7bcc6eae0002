/**
 * Paging by RTP, to one speaker or to a multicast group: no signalling, so the best that it can prove is `sent`.
 * A speaker at its own address that refuses the packets is `unreachable`.
 */
import { type AudioCodec, audioCodecs } from './rtp/audio-codec.ts';
import { encodeWhole } from './rtp/encode-whole.ts';
import { openRtpLive } from './rtp/open-rtp-live.ts';
import type { StreamEnd } from './rtp/rtp-messages.ts';
import type { RtpSender } from './rtp/rtp-sender.ts';
import {
  bindRtpSocket,
  connectRtpSocket,
  networkReason,
  type RtpTarget,
} from './rtp/rtp-socket.ts';
import type { OpenedLive, Outcome, Probe, SpeakerDriver } from './speaker.ts';
import type { RtpSpeakerConfig } from './speaker-config.ts';

export function createRtpDriver(config: RtpSpeakerConfig, sender: RtpSender): SpeakerDriver {
  const codec = audioCodecs[config.codec ?? 'pcmu'];
  const target: RtpTarget = {
    address: config.address,
    port: config.port,
    ttl: config.ttl ?? 1,
    ...(config.interfaceAddress === undefined ? {} : { interfaceAddress: config.interfaceAddress }),
  };
  let last: Probe | Outcome | undefined;
  const kept = <Result extends Probe | Outcome>(result: Result): Result => {
    last = result;
    return result;
  };

  return {
    sampleRate: codec.sampleRate,
    probe: async () => kept(await probe(target)),
    play: async ({ samples }, signal, start) => {
      const payload = encodeWhole(samples, codec);
      await start?.();
      const stream = { payload, payloadType: codec.payloadType, target };
      return kept(outcomeOf(await sender.send(stream, signal)));
    },
    openLive: async (signal) => {
      const opened = await openLive(sender, codec, target, signal);
      if (opened.ok) void opened.stream.ended.then(kept);
      else kept(opened.refused);
      return opened;
    },
    status: () => last,
    stop: async () => undefined,
  };
}

async function openLive(
  sender: RtpSender,
  codec: AudioCodec,
  target: RtpTarget,
  signal: AbortSignal,
): Promise<OpenedLive> {
  const opened = await sender.open(target.interfaceAddress);
  if (!opened.ok) return { ok: false, refused: { kind: 'unreachable', reason: opened.reason } };
  return {
    ok: true,
    stream: openRtpLive({
      channel: opened.channel,
      codec,
      sampleRate: codec.sampleRate,
      target,
      signal,
      end: async (end) => {
        opened.channel.close();
        return outcomeOf(end);
      },
    }),
  };
}

function outcomeOf(end: StreamEnd): Outcome {
  return end.kind === 'sent' ? { kind: 'sent' } : end;
}

/** Asks this machine's network only: a paging speaker has nothing to answer with. */
async function probe(target: RtpTarget): Promise<Probe> {
  const bound = await bindRtpSocket(target.interfaceAddress);
  if (!bound.ok) return { kind: 'unreachable', reason: bound.reason };
  try {
    await connectRtpSocket(bound.socket, target);
    return { kind: 'unproven' };
  } catch (error) {
    return { kind: 'unreachable', reason: networkReason(error, target) };
  } finally {
    bound.socket.close();
  }
}
