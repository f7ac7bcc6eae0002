/** Who else is told of what happens: webhooks and the outputs on the broker, all by way of one queue in the store. */
import type { Logger } from 'pino';
import type { CollectorConfig } from './collector-config.ts';
import type { EdgeLink } from './edge-link.ts';
import { createOutputs, type Outputs, outputsFor } from './outputs/outputs.ts';
import type { StoreSettings } from './store/create-store.ts';
import type { Store } from './store/store.ts';
import { webhooksFor } from './webhooks/webhook-config.ts';
import { createWebhooks, webhookReceiver } from './webhooks/webhooks.ts';

type Settings = Pick<CollectorConfig, 'webhooks' | 'outputs'>;
type Receiver = Parameters<typeof createWebhooks>[0][number];

type Parts = Readonly<{
  store: Store;
  publish: EdgeLink['publish'];
  onOutcome: Parameters<typeof createWebhooks>[1]['onOutcome'];
  logger: Logger;
  now: () => number;
}>;

type TellOthers = Readonly<{
  start: () => void;
  stop: () => Promise<void>;
  /** After each connection to the broker. */
  announce: () => void;
}>;

const repeatEveryMs = 15_000;

/** Nothing when nobody is to be told: then the store keeps no queue. */
export function queueTargets({
  webhooks = [],
  outputs = {},
}: Settings): Pick<StoreSettings, 'webhookTargets'> {
  const wantsAny = webhooks.length > 0 || Object.values(outputs).includes(true);
  if (!wantsAny) return {};
  return {
    webhookTargets: (message) => [
      ...webhooksFor(webhooks, message),
      ...outputsFor(outputs, message),
    ],
  };
}

export function createTellOthers({ webhooks = [], outputs = {} }: Settings, parts: Parts) {
  const { each, announce, repeat } = createOutputs(outputs, parts);
  const receivers = [...webhooks.map(webhookReceiver), ...each.map(outputReceiver)];
  // Without any, what an earlier configuration left in the queue stays for it.
  const queue =
    receivers.length === 0
      ? { start: () => undefined, stop: async () => undefined }
      : createWebhooks(receivers, parts);
  let timer: NodeJS.Timeout | undefined;
  return {
    announce,
    start: () => {
      queue.start();
      timer = setInterval(repeat, repeatEveryMs);
    },
    stop: async () => {
      clearInterval(timer);
      await queue.stop();
    },
  } satisfies TellOthers;
}

function outputReceiver({ name, tell }: Outputs['each'][number]): Receiver {
  return {
    webhookId: name,
    send: async ({ message }, { timeoutMs, stopping }) => {
      const patience = AbortSignal.any([AbortSignal.timeout(timeoutMs), stopping]);
      const gaveUp = new Promise<false>((resolve) =>
        patience.addEventListener('abort', () => resolve(false), { once: true }),
      );
      const told = await Promise.race([tell(message), gaveUp]);
      return told ? { ok: true } : { ok: false, reason: 'the broker did not take it' };
    },
  };
}
