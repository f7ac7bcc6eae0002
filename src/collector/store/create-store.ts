/** Opens the store: the database brought up to date, and the parts of the store on top of it. */
import { Kysely, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { createAccountStore } from './account-store.ts';
import { createAlarmStore } from './alarm-store.ts';
import { createDirectoryStore } from './directory-store.ts';
import { createEventStore } from './event-store.ts';
import { createFeedStore } from './feed-store.ts';
import { migrations } from './migrations.ts';
import { createRuleStore } from './rule-store.ts';
import { openSqlite, StoreError } from './sqlite-database.ts';
import type { CameraPlace, Store } from './store.ts';
import type { Database, Tables } from './tables.ts';

export type StoreSettings = Readonly<{
  database: Readonly<{ kind: 'sqlite'; file: string }>;
  places: readonly CameraPlace[];
}>;

/** Rejects with StoreError when the database cannot be opened or brought up to date. */
export async function createStore(
  settings: StoreSettings,
  now: () => number = Date.now,
): Promise<Store> {
  const { file } = settings.database;
  const database: Database = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: openSqlite(file) }),
  });
  await migrate(database, file);
  const places = new Map(settings.places.map((place) => [place.cameraId, place]));
  const feed = createFeedStore(database);
  const parts = { database, places, feed, now };
  return {
    ...createEventStore(parts),
    ...createAlarmStore(parts),
    ...createDirectoryStore(parts),
    ...createRuleStore(parts),
    ...createAccountStore(database),
    feedSince: feed.feedSince,
    newestFeedId: feed.newestFeedId,
    onFeed: feed.onFeed,
    close: () => database.destroy(),
  };
}

async function migrate(database: Database, file: string): Promise<void> {
  const { error } = await new Migrator({ db: database, provider: migrations }).migrateToLatest();
  if (error !== undefined) {
    await database.destroy();
    throw new StoreError(file, error);
  }
}
