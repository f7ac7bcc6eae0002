/** Deliveries that nobody took within the time: out of the queue, kept for an administrator, sent again at his word. */
import type { Migration } from 'kysely/migration';
import type { FeedMessage } from '../../contract/console-api.ts';
import type { Database } from './tables.ts';
import type { WebhookQueue } from './webhook-queue.ts';

export const givenUpColumn: Migration = {
  up: async (database) => {
    await database.schema
      .alterTable('webhook_delivery')
      .addColumn('given_up_at_ms', 'bigint')
      .execute();
    await database.schema
      .createIndex('webhook_delivery_by_given_up')
      .on('webhook_delivery')
      .column('given_up_at_ms')
      .execute();
  },
};

type GivenUp = Pick<
  WebhookQueue,
  'giveUpDeliveries' | 'givenUpDeliveries' | 'retryDelivery' | 'forgetGivenUp'
>;

export function createGivenUpDeliveries(database: Database): GivenUp {
  return {
    giveUpDeliveries: async (createdBeforeMs, nowMs) => {
      const rows = await database
        .updateTable('webhook_delivery')
        .set({ given_up_at_ms: nowMs })
        .where('given_up_at_ms', 'is', null)
        .where('created_at_ms', '<', createdBeforeMs)
        .returning('webhook_id')
        .execute();
      return countsOf(rows.map((row) => row.webhook_id));
    },
    givenUpDeliveries: async (limit) => {
      const rows = await database
        .selectFrom('webhook_delivery')
        .select(['delivery_id', 'webhook_id', 'subject', 'body', 'attempts'])
        .select(['created_at_ms', 'given_up_at_ms'])
        .where('given_up_at_ms', 'is not', null)
        .orderBy('given_up_at_ms', 'desc')
        .orderBy('number', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        deliveryId: row.delivery_id,
        webhookId: row.webhook_id,
        kind: (JSON.parse(row.body) as FeedMessage).kind,
        subject: row.subject,
        createdAtMs: Number(row.created_at_ms),
        givenUpAtMs: Number(row.given_up_at_ms),
        attempts: Number(row.attempts),
      }));
    },
    retryDelivery: async (deliveryId, nowMs) => {
      const rows = await database
        .updateTable('webhook_delivery')
        .set({ given_up_at_ms: null, created_at_ms: nowMs, due_at_ms: nowMs, attempts: 0 })
        .where('delivery_id', '=', deliveryId)
        .where('given_up_at_ms', 'is not', null)
        .returning('delivery_id')
        .execute();
      return rows.length > 0;
    },
    forgetGivenUp: async (givenUpBeforeMs) => {
      const rows = await database
        .deleteFrom('webhook_delivery')
        .where('given_up_at_ms', '<', givenUpBeforeMs)
        .returning('delivery_id')
        .execute();
      return rows.length;
    },
  };
}

function countsOf(webhookIds: readonly string[]) {
  const counts = new Map<string, number>();
  for (const id of webhookIds) counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts].map(([webhookId, count]) => ({ webhookId, count }));
}
