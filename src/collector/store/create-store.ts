/** Opens the store: the database brought up to date, and the parts of the store on top of it. */
import { randomUUID } from 'node:crypto';
import { createAccountStore } from './account-store.ts';
import { createAlarmStore } from './alarm-store.ts';
import { createAuditStore } from './audit-store.ts';
import { createBlindStore } from './blind-store.ts';
import { bringUpToDate, UpgradeFault } from './bring-up-to-date.ts';
import { createClipStore } from './clip-store.ts';
import { type DatabaseSettings, type OpenDatabase, openDatabase, placeOf } from './database.ts';
import { createDirectoryStore } from './directory-store.ts';
import { createEdgeCredentialStore } from './edge-credential-store.ts';
import { createEventStore } from './event-store.ts';
import { createFeedStore } from './feed-store.ts';
import { migrations } from './migrations.ts';
import { createOpenCallStore } from './open-call-store.ts';
import { createRetentionStore } from './retention-store.ts';
import { createRuleStore } from './rule-store.ts';
import { createScopeStore, type SpeakerZone } from './scope-store.ts';
import { createSequenceStore } from './sequence-store.ts';
import { createSpeakerStore } from './speaker-store.ts';
import { mendSqlite } from './sqlite-salvage.ts';
import type { CameraPlace, Store } from './store.ts';
import { StoreError } from './store-error.ts';
import {
  identitySetting,
  keepStoreMark,
  type StoreMarkKeeper,
  storeMarkOf,
  writesSetting,
} from './store-mark.ts';
import type { Database } from './tables.ts';
import { createUnansweredWarnings } from './unanswered-warnings.ts';
import { createVoiceTemplateStore } from './voice-template-store.ts';
import type { WebhookTargets } from './webhook-queue.ts';
import { createWebhookStore } from './webhook-store.ts';

export type StoreSettings = Readonly<{
  database: DatabaseSettings;
  places: readonly CameraPlace[];
  zones?: readonly SpeakerZone[];
  /** Whom messages of the feed are kept for until they took them; nobody, when absent. */
  webhookTargets?: WebhookTargets;
}>;

/** Rejects with StoreError when the database cannot be opened or brought up to date. */
export async function createStore(
  settings: StoreSettings,
  now: () => number = Date.now,
): Promise<Store> {
  const { database, feedSignal } = await openUpToDate(settings.database, now);
  const places = new Map(settings.places.map((place) => [place.cameraId, place]));
  const mark = await markOf(settings.database, database);
  const feed = await createFeedStore(database, {
    ...(feedSignal === undefined ? {} : { signal: feedSignal }),
    ...(settings.webhookTargets === undefined ? {} : { webhookTargets: settings.webhookTargets }),
    mark,
  });
  const parts = { database, places, feed, now };
  return {
    ...createEventStore(parts),
    ...createAlarmStore(parts),
    ...createDirectoryStore(parts),
    ...createAuditStore(database),
    ...createEdgeCredentialStore(database),
    ...createScopeStore(database, settings.places, settings.zones ?? []),
    ...createBlindStore(database),
    ...createRuleStore(parts),
    ...createSequenceStore(database),
    ...createSpeakerStore(parts),
    ...createClipStore(parts),
    ...createOpenCallStore(database),
    ...createRetentionStore(parts),
    ...createUnansweredWarnings(database),
    ...createAccountStore(database),
    ...createVoiceTemplateStore(database),
    ...createWebhookStore(database),
    feedSince: feed.feedSince,
    newestFeedId: feed.newestFeedId,
    onFeed: feed.onFeed,
    close: async () => {
      await feed.close();
      await database.destroy();
      mark?.close();
    },
  };
}

/** Of a file; a server needs none. */
async function markOf(
  settings: DatabaseSettings,
  database: Database,
): Promise<StoreMarkKeeper | undefined> {
  if (settings.kind !== 'sqlite') return undefined;
  const { settleSetting: settle } = createAccountStore(database);
  const identity = await settle(identitySetting, randomUUID());
  const writes = Number(await settle(writesSetting, '0'));
  return keepStoreMark(storeMarkOf(settings.file), { identity, writes });
}

async function openUpToDate(settings: DatabaseSettings, now: () => number): Promise<OpenDatabase> {
  try {
    // Only a file can be looked at before it is used; a server looks after its own.
    if (settings.kind === 'sqlite')
      await mendSqlite(settings.file, now(), async (file) => {
        await (await migrated({ kind: 'sqlite', file })).database.destroy();
      });
    return await migrated(settings);
  } catch (cause) {
    const { name, mend } = placeOf(settings);
    throw new StoreError({ name, mend: cause instanceof UpgradeFault ? cause.mend : mend }, cause);
  }
}

async function migrated(settings: DatabaseSettings): Promise<OpenDatabase> {
  const opened = openDatabase(settings);
  try {
    await bringUpToDate(opened.forMigrations, migrations);
    return opened;
  } catch (error) {
    await opened.database.destroy();
    throw error;
  }
}
