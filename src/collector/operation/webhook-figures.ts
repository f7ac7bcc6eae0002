/** Figures of the webhooks: what was sent, what failed, what was given up and what waits. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Store } from '../store/store.ts';

export type CountWebhook = (webhookId: string, outcome: 'sent' | 'failed' | 'given-up') => void;

export function addWebhookFigures(
  registry: Registry,
  store: Pick<Store, 'deliveriesWaiting'>,
): CountWebhook {
  const attempts = new Counter({
    name: 'haoguanjia_webhook_deliveries_total',
    help: 'Deliveries to webhooks: sent, failed and tried again, given up after a day',
    labelNames: ['webhook', 'outcome'],
    registers: [registry],
  });
  const waiting: Gauge = new Gauge({
    name: 'haoguanjia_webhook_deliveries_waiting',
    help: 'Deliveries that wait for their receiver',
    labelNames: ['webhook'],
    registers: [registry],
    collect: async () => {
      waiting.reset();
      for (const { webhookId, count } of await store.deliveriesWaiting())
        waiting.set({ webhook: webhookId }, count);
    },
  });
  return (webhook, outcome) => attempts.inc({ webhook, outcome });
}
