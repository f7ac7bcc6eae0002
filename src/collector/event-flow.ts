/**
 * The way of an event through the collector:
 * intake -> store, asking the alarm policy in the same transaction -> acknowledgement -> the lane's speaker.
 * The console hears of it through the store's feed, after the commit.
 */
import type { RuleEvent } from '../contract/rule-event.ts';
import type { AnnouncementOrder } from './alarms/alarm.ts';
import { decideAlarm } from './alarms/alarms.ts';
import type { Store } from './store/store.ts';

export type EventFlow = Readonly<{
  /** Durable when it resolves; what has to be said is being said. */
  file: (events: readonly RuleEvent[]) => Promise<void>;
}>;

type Stages = Readonly<{
  store: Pick<Store, 'fileEvents'>;
  announce: (order: AnnouncementOrder) => void;
  /** The speaker beside a camera. */
  speakerOf: (cameraId: string) => string | undefined;
  newId: () => string;
  now: () => number;
}>;

export function createEventFlow(stages: Stages): EventFlow {
  return {
    file: async (events) => {
      const nowMs = stages.now();

      const filed = await stages.store.fileEvents(
        events,
        (event, context) => {
          const speakerId = stages.speakerOf(event.cameraId);
          const spoken = speakerId === undefined ? {} : { speakerId };
          return decideAlarm({ event, context, nowMs, newId: stages.newId, ...spoken });
        },
        nowMs,
      );

      for (const { announcement } of filed) {
        if (announcement !== undefined) stages.announce(announcement);
      }
    },
  };
}
