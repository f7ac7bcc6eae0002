/** What the console asks about the lanes' voice: announcements by themselves, and speakers on the feed. */
import { announcementView } from './alarm-rows.ts';
import type { FeedStore } from './feed-store.ts';
import type { Store } from './store.ts';
import type { Database } from './tables.ts';

export type SpeakerStore = Pick<Store, 'announcements' | 'tellSpeaker'>;

const notSaid = ['busy', 'refused', 'unreachable', 'expired', 'failed'];

export function createSpeakerStore({
  database,
  feed,
}: Readonly<{ database: Database; feed: FeedStore }>): SpeakerStore {
  return {
    announcements: async ({ failedOnly, cameraIds, limit }) => {
      if (cameraIds?.size === 0) return [];
      let query = database
        .selectFrom('announcement')
        .innerJoin('alarm', 'alarm.alarm_id', 'announcement.alarm_id')
        .selectAll('announcement')
        .select('alarm.camera_id')
        .orderBy('announcement.at_ms', 'desc')
        .limit(limit);
      if (failedOnly) query = query.where('announcement.state', 'in', notSaid);
      if (cameraIds !== undefined) query = query.where('alarm.camera_id', 'in', [...cameraIds]);
      const rows = await query.execute();
      return rows.map((row) => ({
        ...announcementView(row),
        alarmId: row.alarm_id,
        cameraId: row.camera_id,
      }));
    },
    tellSpeaker: (speaker, nowMs) =>
      feed.write((_connection, tell) => tell({ kind: 'speaker-changed', speaker, atMs: nowMs })),
  };
}
