/**
 * Sends encoded audio as RTP, any number of streams at once, from one thread of its own (rtp-sender-thread.ts).
 * The payload is 64 kbit/s, so 160 bytes are 20 ms in each of the three codecs.
 */
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { RtpTarget } from './rtp-socket.ts';

export type StreamEnd =
  | Readonly<{ kind: 'sent'; packets: number }>
  | Readonly<{ kind: 'stopped' }>
  | Readonly<{ kind: 'unreachable' | 'failed'; reason: string }>;

type RtpStream = Readonly<{
  payload: Uint8Array;
  payloadType: number;
  target: RtpTarget;
}>;

export type SenderRequest =
  | (Readonly<{ kind: 'send'; streamId: number }> & RtpStream)
  | Readonly<{ kind: 'stop'; streamId: number }>;
export type SenderReply = Readonly<{ streamId: number; end: StreamEnd }>;

export type RtpSender = Readonly<{
  /** Starts the thread, so that the first stream need not wait for it. */
  start: () => void;
  /** Resolves when the last packet has left, soon after an abort, or when the network refuses. */
  send: (stream: RtpStream, signal: AbortSignal) => Promise<StreamEnd>;
  /** Ends all streams and the thread. */
  stop: () => Promise<void>;
}>;

export function createRtpSender(logger: Logger): RtpSender {
  const waiting = new Map<number, (end: StreamEnd) => void>();
  let thread: Worker | undefined;
  let lastStreamId = 0;

  const settle = (streamId: number, end: StreamEnd): void => {
    waiting.get(streamId)?.(end);
    waiting.delete(streamId);
  };

  const settleAll = (end: StreamEnd): void => {
    for (const streamId of [...waiting.keys()]) settle(streamId, end);
  };

  const running = (): Worker => {
    if (thread !== undefined) return thread;
    const started = new Worker(new URL('./rtp-sender-thread.ts', import.meta.url));
    started.on('message', (reply: SenderReply) => settle(reply.streamId, reply.end));
    started.on('error', (error) => {
      logger.error({ reason: String(error) }, 'rtp sender thread broke');
      thread = undefined;
      settleAll({ kind: 'failed', reason: `the sender thread broke: ${String(error)}` });
    });
    thread = started;
    return started;
  };

  return {
    start: () => void running(),
    send: (stream, signal) => {
      if (signal.aborted) return Promise.resolve({ kind: 'stopped' });
      lastStreamId += 1;
      const streamId = lastStreamId;
      const worker = running();
      const stop = (): void => worker.postMessage({ kind: 'stop', streamId });
      signal.addEventListener('abort', stop, { once: true });
      const ended = new Promise<StreamEnd>((resolve) => waiting.set(streamId, resolve));
      worker.postMessage({ kind: 'send', streamId, ...stream } satisfies SenderRequest);
      return ended.finally(() => signal.removeEventListener('abort', stop));
    },
    stop: async () => {
      const worker = thread;
      thread = undefined;
      await worker?.terminate();
      settleAll({ kind: 'stopped' });
    },
  };
}
