/** Opens the store: the database brought up to date, and the parts of the store on top of it. */
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
import { salvage, setAsideDamaged } from './sqlite-salvage.ts';
import type { CameraPlace, Store } from './store.ts';
import { StoreError } from './store-error.ts';
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
  const feed = await createFeedStore(database, feedSignal, settings.webhookTargets);
  const parts = { database, places, feed, now };
  return {
    ...createEventStore(parts),
    ...createAlarmStore(parts),
    ...createDirectoryStore(parts),
    ...createAuditStore(database),
    ...createEdgeCredentialStore(database),
    ...createScopeStore(database, settings.places, settings.zones ?? []),
    ...createBlindStore(database, now),
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
    },
  };
}

async function openUpToDate(settings: DatabaseSettings, now: () => number): Promise<OpenDatabase> {
  try {
    if (settings.kind === 'sqlite') await replaceDamaged(settings, now());
    return await migrated(settings);
  } catch (cause) {
    const { name, mend } = placeOf(settings);
    throw new StoreError({ name, mend: cause instanceof UpgradeFault ? cause.mend : mend }, cause);
  }
}

/** Only a file can be looked at before it is used; a server looks after its own. */
async function replaceDamaged(
  settings: Extract<DatabaseSettings, { kind: 'sqlite' }>,
  nowMs: number,
): Promise<void> {
  const damaged = setAsideDamaged(settings.file, nowMs);
  if (damaged === undefined) return;
  await (await migrated(settings)).database.destroy();
  salvage(damaged, settings.file, nowMs);
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
