/**
 * The live feed as a table: what the console is told is written in the transaction of what happened, numbered, and read
 * again by a console that was away. Old messages are let go; a console that missed more asks for everything anew.
 */
import { sql } from 'kysely';
import type { FeedMessage } from '../../contract/console-api.ts';
import { createFeedTail } from './feed-tail.ts';
import type { FeedSignal } from './postgres-database.ts';
import type { Store, StoredFeedMessage } from './store.ts';
import { type StoreMarkKeeper, writesSetting } from './store-mark.ts';
import type { Connection, Database } from './tables.ts';
import type { WebhookTargets } from './webhook-queue.ts';
import { queueDeliveries } from './webhook-store.ts';

/** About a night of a busy centre. */
const keptMessages = 20_000;
const pruneEvery = 500;

export type FeedWriter = (message: FeedMessage) => Promise<void>;

export type FeedStore = Pick<Store, 'feedSince' | 'newestFeedId' | 'onFeed'> &
  Readonly<{
    /** Runs the work in one transaction; what it puts on the feed is handed to the listeners after the commit. */
    write: <Result>(
      work: (transaction: Connection, feed: FeedWriter) => Promise<Result>,
    ) => Promise<Result>;
    close: () => Promise<void>;
  }>;

type Others = Readonly<{
  signal?: FeedSignal;
  webhookTargets?: WebhookTargets;
  /** Of a database that only this process writes. */
  mark?: Pick<StoreMarkKeeper, 'reached'> | undefined;
}>;

/** With a signal, others write the same feed: then every message is read back from the table, in its order. */
export async function createFeedStore(
  database: Database,
  { signal, webhookTargets, mark }: Others,
): Promise<FeedStore> {
  const listeners = new Set<(stored: StoredFeedMessage) => void>();
  const hand = (stored: readonly StoredFeedMessage[]): void => {
    for (const message of stored) for (const listener of listeners) listener(message);
  };
  const feedSince: FeedStore['feedSince'] = (feedId, limit) => readSince(database, feedId, limit);
  const newestFeedId: FeedStore['newestFeedId'] = () => readNewest(database);
  const tail =
    signal === undefined
      ? undefined
      : createFeedTail({ signal, after: await newestFeedId(), feedSince, hand });

  return {
    write: async (work) => {
      const [result, stored, writes] = await database.transaction().execute(async (transaction) => {
        const messages: FeedMessage[] = [];
        const answer = await work(transaction, async (message) => {
          messages.push(message);
        });
        const told = await append(transaction, messages);
        if (webhookTargets !== undefined)
          await queueDeliveries(transaction, messages, webhookTargets);
        if (signal !== undefined && told.length > 0) await transaction.executeQuery(signal.told);
        return [
          answer,
          told,
          mark === undefined ? undefined : await countWrite(transaction),
        ] as const;
      });
      if (writes !== undefined) mark?.reached(writes);
      if (tail === undefined) hand(stored);
      else await tail.caughtUp();
      return result;
    },
    feedSince,
    newestFeedId,
    onFeed: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      await tail?.stop();
    },
  };
}

async function readSince(
  database: Database,
  feedId: number,
  limit: number,
): Promise<readonly StoredFeedMessage[]> {
  const rows = await database
    .selectFrom('feed')
    .select(['feed_id', 'body'])
    .where('feed_id', '>', feedId)
    .orderBy('feed_id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    feedId: row.feed_id,
    message: JSON.parse(row.body) as FeedMessage,
  }));
}

async function readNewest(database: Database): Promise<number> {
  const row = await database
    .selectFrom('feed')
    .select(({ fn }) => fn.max('feed_id').as('newest'))
    .executeTakeFirst();
  return Number(row?.newest ?? 0);
}

/** The database counts up in the order of the list. */
async function append(
  transaction: Connection,
  messages: readonly FeedMessage[],
): Promise<readonly StoredFeedMessage[]> {
  if (messages.length === 0) return [];
  const rows = await transaction
    .insertInto('feed')
    .values(messages.map((message) => ({ at_ms: message.atMs, body: JSON.stringify(message) })))
    .returning('feed_id')
    .execute();
  const ids = rows.map((row) => row.feed_id).sort((a, b) => a - b);
  const [first = 0] = ids;
  const newest = ids.at(-1) ?? 0;
  if (Math.floor(newest / pruneEvery) > Math.floor((first - 1) / pruneEvery)) {
    await transaction
      .deleteFrom('feed')
      .where('feed_id', '<=', newest - keptMessages)
      .execute();
  }
  return messages.map((message, at) => ({ feedId: ids[at] ?? newest, message }));
}

async function countWrite(transaction: Connection): Promise<number> {
  const row = await transaction
    .updateTable('setting')
    .set({ value: sql`cast(value as integer) + 1` })
    .where('name', '=', writesSetting)
    .returning('value')
    .executeTakeFirst();
  return Number(row?.value ?? 0);
}
