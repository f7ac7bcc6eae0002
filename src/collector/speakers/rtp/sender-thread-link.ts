/** The sender's thread as its user sees it: started when first needed, one waiter a channel, and nobody waits for a dead thread. */
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { SenderReply, SenderRequest } from './rtp-messages.ts';

type Waiter = Readonly<{
  onReply: (reply: SenderReply) => void;
  /** Instead of a reply: the thread broke, or was stopped (no reason). */
  onLoss: (reason: string | undefined) => void;
}>;

export type SenderThreadLink = Readonly<{
  start: () => void;
  post: (request: SenderRequest) => void;
  /** For the next reply of the channel. */
  await: (channelId: number, waiter: Waiter) => void;
  stop: () => Promise<void>;
}>;

export function createSenderThreadLink(logger: Logger): SenderThreadLink {
  const waiting = new Map<number, Waiter>();
  let thread: Worker | undefined;

  const loseAll = (reason: string | undefined): void => {
    const waiters = [...waiting.values()];
    waiting.clear();
    for (const { onLoss } of waiters) onLoss(reason);
  };

  const start = (): Worker => {
    if (thread !== undefined) return thread;
    const started = new Worker(new URL('./rtp-sender-thread.ts', import.meta.url));
    started.on('message', (reply: SenderReply) => {
      const waiter = waiting.get(reply.channelId);
      waiting.delete(reply.channelId);
      waiter?.onReply(reply);
    });
    started.on('error', (error) => {
      logger.error({ reason: String(error) }, 'rtp sender thread broke');
      thread = undefined;
      loseAll(`the sender thread broke: ${String(error)}`);
    });
    thread = started;
    return started;
  };

  return {
    start: () => void start(),
    post: (request) => {
      // Only an opening may start the thread: the channels of a broken one are gone with it.
      if (request.kind === 'open') start();
      thread?.postMessage(request);
    },
    await: (channelId, waiter) => {
      if (thread === undefined) waiter.onLoss(undefined);
      else waiting.set(channelId, waiter);
    },
    stop: async () => {
      const stopping = thread;
      thread = undefined;
      await stopping?.terminate();
      loseAll(undefined);
    },
  };
}
