/** The queue of the webhooks: filled in the transaction of the feed, emptied by whoever claims a row. */
import type { Migration } from 'kysely/migration';
import { uuidv7 } from 'uuidv7';
import type { FeedMessage } from '../../contract/console-api.ts';
import { createGivenUpDeliveries } from './given-up-deliveries.ts';
import type { Connection, Database } from './tables.ts';
import type { WebhookQueue, WebhookTargets } from './webhook-queue.ts';

export const webhookTable: Migration = {
  up: async (database) => {
    await database.schema
      .createTable('webhook_delivery')
      .addColumn('number', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('delivery_id', 'text', (column) => column.notNull().unique())
      .addColumn('webhook_id', 'text', (column) => column.notNull())
      .addColumn('subject', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('due_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .execute();
    await database.schema
      .createIndex('webhook_delivery_by_due')
      .on('webhook_delivery')
      .columns(['webhook_id', 'due_at_ms'])
      .execute();
    await database.schema
      .createIndex('webhook_delivery_by_subject')
      .on('webhook_delivery')
      .columns(['webhook_id', 'subject', 'number'])
      .execute();
  },
};

export async function queueDeliveries(
  connection: Connection,
  messages: readonly FeedMessage[],
  targetsOf: WebhookTargets,
): Promise<void> {
  const rows = messages.flatMap((message) =>
    targetsOf(message).map((webhookId) => ({
      delivery_id: uuidv7(),
      webhook_id: webhookId,
      subject: subjectOf(message),
      body: JSON.stringify(message),
      created_at_ms: message.atMs,
      due_at_ms: message.atMs,
      attempts: 0,
    })),
  );
  if (rows.length > 0) await connection.insertInto('webhook_delivery').values(rows).execute();
}

export function createWebhookStore(database: Database): WebhookQueue {
  return {
    claimDeliveries: createClaim(database),
    deliverySent: async (deliveryId) => {
      await database.deleteFrom('webhook_delivery').where('delivery_id', '=', deliveryId).execute();
    },
    postponeDelivery: async (deliveryId, dueAtMs) => {
      await database
        .updateTable('webhook_delivery')
        .set((row) => ({ due_at_ms: dueAtMs, attempts: row('attempts', '+', 1) }))
        .where('delivery_id', '=', deliveryId)
        .execute();
    },
    ...createGivenUpDeliveries(database),
    deliveriesWaiting: async () => {
      const rows = await database
        .selectFrom('webhook_delivery')
        .select(({ fn }) => ['webhook_id', fn.countAll().as('count')])
        .where('given_up_at_ms', 'is', null)
        .groupBy('webhook_id')
        .execute();
      return rows.map((row) => ({ webhookId: row.webhook_id, count: Number(row.count) }));
    },
  };
}

/** In a transaction, which take turns: what one has claimed the next does not see as due. */
function createClaim(database: Database): WebhookQueue['claimDeliveries'] {
  return (webhookId, { nowMs, untilMs, limit }) =>
    database.transaction().execute(async (connection) => {
      const rows = await connection
        .selectFrom('webhook_delivery as one')
        .select(['number', 'delivery_id', 'body', 'attempts'])
        .where('webhook_id', '=', webhookId)
        .where('due_at_ms', '<=', nowMs)
        .where('given_up_at_ms', 'is', null)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('webhook_delivery as earlier')
                .select('earlier.number')
                .whereRef('earlier.webhook_id', '=', 'one.webhook_id')
                .whereRef('earlier.subject', '=', 'one.subject')
                .whereRef('earlier.number', '<', 'one.number')
                .where('earlier.given_up_at_ms', 'is', null),
            ),
          ),
        )
        .orderBy('attempts')
        .orderBy('number')
        .limit(limit)
        .execute();
      if (rows.length === 0) return [];
      const numbers = rows.map((row) => row.number);
      await connection
        .updateTable('webhook_delivery')
        .set({ due_at_ms: untilMs })
        .where('number', 'in', numbers)
        .execute();
      return rows.map((row) => ({
        deliveryId: row.delivery_id,
        message: JSON.parse(row.body) as FeedMessage,
        attempts: Number(row.attempts),
      }));
    });
}

/** Messages about one subject are told in their order. */
function subjectOf(message: FeedMessage): string {
  switch (message.kind) {
    case 'alarm-raised':
    case 'alarm-changed':
      return `alarm ${message.alarm.alarmId}`;
    case 'camera-changed':
      return `camera ${message.camera.cameraId}`;
    case 'edge-changed':
      return `edge ${message.edge.edgeId}`;
    case 'speaker-changed':
      return `speaker ${message.speaker.speakerId}`;
    default:
      return message satisfies never;
  }
}
