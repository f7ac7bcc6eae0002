/**
 * Tells other programs of alarms: takes deliveries from the store's queue, sends them, and tries again with growing pauses
 * for a day; then it is kept for an administrator. A delivery leaves the queue only after the receiver's 2xx; a crash between the two repeats it under the same id.
 * Several collectors share one queue: whoever claims a delivery sends it. What belongs to one alarm goes out in its order.
 */
import type { Logger } from 'pino';
import type { Store } from '../store/store.ts';
import type { Webhook } from './webhook-config.ts';
import { type SendOutcome, sendWebhook } from './webhook-request.ts';

/** Who is told, and how; of the name there is one only. */
type Receiver = Readonly<{
  webhookId: string;
  send: (
    delivery: Delivery,
    limits: Readonly<{ nowMs: number; timeoutMs: number; stopping: AbortSignal }>,
  ) => Promise<SendOutcome>;
}>;

export type Webhooks = Readonly<{
  start: () => void;
  /** Waits for what is on its way, a few seconds at most. */
  stop: () => Promise<void>;
}>;

type Queue = Pick<
  Store,
  'claimDeliveries' | 'deliverySent' | 'postponeDelivery' | 'giveUpDeliveries' | 'onFeed'
>;

type Parts = Readonly<{
  store: Queue;
  onOutcome: (webhookId: string, outcome: 'sent' | 'failed' | 'given-up') => void;
  logger: Logger;
  now: () => number;
  pace?: Partial<typeof usualPace>;
}>;

const usualPace = {
  lookEveryMs: 1000,
  firstRetryMs: 5000,
  longestRetryMs: 3_600_000,
  giveUpAfterMs: 24 * 3_600_000,
  timeoutMs: 10_000,
  /** Longer than a request may take: by then whoever claimed it has crashed. */
  claimMs: 30_000,
  stopWithinMs: 3000,
};
const atOnce = 8;

type Delivery = Awaited<ReturnType<Store['claimDeliveries']>>[number];

export function webhookReceiver(webhook: Webhook): Receiver {
  return {
    webhookId: webhook.webhookId,
    send: (delivery, limits) => sendWebhook(webhook, delivery, limits),
  };
}

/** Nothing is read or sent before `start`. */
export function createWebhooks(receivers: readonly Receiver[], parts: Parts): Webhooks {
  const { store, logger, now } = parts;
  const pace = { ...usualPace, ...parts.pace };
  const stopping = new AbortController();
  const lines = receivers.map((receiver) => createLine(receiver, parts, pace, stopping.signal));
  let timer: NodeJS.Timeout | undefined;
  let endListening = (): unknown => undefined;
  let tidying: Promise<void> = Promise.resolve();
  let stopped = false;

  const look = (): void => {
    if (stopped) return;
    for (const line of lines) line.look();
  };
  const giveUp = async (): Promise<void> => {
    try {
      const nowMs = now();
      const over = await store.giveUpDeliveries(nowMs - pace.giveUpAfterMs, nowMs);
      for (const { webhookId, count } of over) {
        for (let one = 0; one < count; one += 1) parts.onOutcome(webhookId, 'given-up');
        logger.error({ webhookId, count }, 'webhook deliveries given up; the receiver took none');
      }
    } catch (error) {
      logger.error({ reason: String(error) }, 'old webhook deliveries could not be given up');
    }
  };
  return {
    start: () => {
      endListening = store.onFeed(look);
      timer = setInterval(() => {
        tidying = tidying.then(giveUp);
        look();
      }, pace.lookEveryMs);
      look();
    },
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      endListening();
      const patience = setTimeout(() => stopping.abort(), pace.stopWithinMs);
      await Promise.all([tidying, ...lines.map(({ ended }) => ended())]);
      clearTimeout(patience);
    },
  };
}

/** One receiver: a slow one holds up nobody else. */
function createLine(
  { webhookId, send }: Receiver,
  { store, onOutcome, logger, now }: Parts,
  pace: typeof usualPace,
  stopping: AbortSignal,
) {
  let working: Promise<void> | undefined;
  let isWanted = false;
  let isEnding = false;

  const deliver = async (delivery: Delivery): Promise<void> => {
    const { deliveryId, attempts } = delivery;
    const told = { nowMs: now(), timeoutMs: pace.timeoutMs, stopping };
    const outcome: SendOutcome = await send(delivery, told);
    if (outcome.ok) {
      await store.deliverySent(deliveryId);
      onOutcome(webhookId, 'sent');
      return;
    }
    const isStopping = stopping.aborted;
    const pauseMs = isStopping ? 0 : pauseAfter(attempts, pace);
    await store.postponeDelivery(deliveryId, now() + pauseMs);
    if (isStopping) return;
    onOutcome(webhookId, 'failed');
    const facts = { webhookId, deliveryId, attempts: attempts + 1, reason: outcome.reason };
    logger.warn(facts, 'webhook not delivered; it is tried again');
  };

  const work = async (): Promise<void> => {
    try {
      while (isWanted && !isEnding) {
        isWanted = false;
        const claim = { nowMs: now(), untilMs: now() + pace.claimMs, limit: atOnce };
        const claimed = await store.claimDeliveries(webhookId, claim);
        await Promise.all(claimed.map(deliver));
        if (claimed.length > 0) isWanted = true;
      }
    } catch (error) {
      logger.error({ webhookId, reason: String(error) }, 'webhook queue could not be used');
    } finally {
      working = undefined;
    }
  };
  return {
    look: (): void => {
      isWanted = true;
      working ??= work();
    },
    ended: async (): Promise<void> => {
      isEnding = true;
      await working;
    },
  };
}

/** Doubles, and half of it is left to chance so that receivers are not called by all at once when they are back. */
function pauseAfter(
  attempts: number,
  { firstRetryMs, longestRetryMs }: Pick<typeof usualPace, 'firstRetryMs' | 'longestRetryMs'>,
): number {
  const pauseMs = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(attempts, 20));
  return pauseMs * (0.5 + Math.random() / 2);
}
