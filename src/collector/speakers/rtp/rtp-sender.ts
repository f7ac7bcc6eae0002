/**
 * Sends encoded audio as RTP, any number of streams at once, from one thread of its own (rtp-sender-thread.ts).
 * The payload is 64 kbit/s, so 160 bytes are 20 ms in each of the three codecs.
 */
import type { Logger } from 'pino';
import type { StreamAddress, StreamEnd } from './rtp-messages.ts';
import { createSenderThreadLink, type SenderThreadLink } from './sender-thread-link.ts';

type WholeStream = StreamAddress & Readonly<{ payload: Uint8Array }>;

type RtpLive = Readonly<{
  /** One packet of 160 bytes. */
  write: (payload: Uint8Array) => void;
  /** Ends it after what was written. */
  finish: () => void;
  ended: Promise<StreamEnd>;
}>;

/** A socket that carries one stream at a time. */
export type RtpChannel = Readonly<{
  port: number;
  /** Resolves when the last packet has left, soon after an abort, or when the network refuses. */
  send: (stream: WholeStream, signal: AbortSignal) => Promise<StreamEnd>;
  live: (stream: StreamAddress & Readonly<{ silence: Uint8Array }>, signal: AbortSignal) => RtpLive;
  /** Silent from now on. */
  close: () => void;
}>;

type OpenedChannel =
  | Readonly<{ ok: true; channel: RtpChannel }>
  | Readonly<{ ok: false; reason: string }>;

export type RtpSender = Readonly<{
  /** Starts the thread, so that the first stream need not wait for it. */
  start: () => void;
  open: (interfaceAddress?: string) => Promise<OpenedChannel>;
  /** Opens a channel for one stream and closes it. */
  send: (stream: WholeStream, signal: AbortSignal) => Promise<StreamEnd>;
  /** Ends all streams and the thread. */
  stop: () => Promise<void>;
}>;

const wasStopped = 'it was stopped';

export function createRtpSender(logger: Logger): RtpSender {
  const link = createSenderThreadLink(logger);
  let lastChannelId = 0;

  const open = (interfaceAddress?: string): Promise<OpenedChannel> => {
    lastChannelId += 1;
    const channelId = lastChannelId;
    const own = interfaceAddress === undefined ? {} : { interfaceAddress };
    link.post({ kind: 'open', channelId, ...own });
    return new Promise((resolve) =>
      link.await(channelId, {
        onReply: (reply) => {
          if (reply.kind === 'opened') {
            resolve({ ok: true, channel: channelOf(link, channelId, reply.port) });
          } else {
            resolve({ ok: false, reason: reply.kind === 'refused' ? reply.reason : wasStopped });
          }
        },
        onLoss: (reason = wasStopped) => resolve({ ok: false, reason }),
      }),
    );
  };

  return {
    start: link.start,
    open,
    send: async (stream, signal) => {
      if (signal.aborted) return { kind: 'stopped' };
      const opened = await open(stream.target.interfaceAddress);
      if (!opened.ok) return { kind: 'unreachable', reason: opened.reason };
      const end = await opened.channel.send(stream, signal);
      opened.channel.close();
      return end;
    },
    stop: link.stop,
  };
}

function channelOf(link: SenderThreadLink, channelId: number, port: number): RtpChannel {
  const ended = (signal: AbortSignal): Promise<StreamEnd> => {
    const stop = (): void => link.post({ kind: 'stop', channelId });
    signal.addEventListener('abort', stop, { once: true });
    const end = new Promise<StreamEnd>((resolve) =>
      link.await(channelId, {
        onReply: (reply) => resolve(reply.kind === 'ended' ? reply.end : { kind: 'stopped' }),
        onLoss: (reason) =>
          resolve(reason === undefined ? { kind: 'stopped' } : { kind: 'failed', reason }),
      }),
    );
    return end.finally(() => signal.removeEventListener('abort', stop));
  };
  return {
    port,
    send: async (stream, signal) => {
      if (signal.aborted) return { kind: 'stopped' };
      link.post({ kind: 'send', channelId, ...stream });
      return ended(signal);
    },
    live: (stream, signal) => {
      link.post({ kind: 'live', channelId, ...stream });
      if (signal.aborted) link.post({ kind: 'stop', channelId });
      return {
        write: (payload) => link.post({ kind: 'write', channelId, payload }),
        finish: () => link.post({ kind: 'finish', channelId }),
        ended: ended(signal),
      };
    },
    close: () => link.post({ kind: 'close', channelId }),
  };
}
