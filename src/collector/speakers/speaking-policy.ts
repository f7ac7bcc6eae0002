/**
 * When a speaker keeps silent though it could speak: in its quiet hours, and when it said the same a moment ago.
 * An emergency is always said. Pure but for what it remembers of the last announcement; times come from the caller.
 */
import { because } from '../../contract/reason.ts';
import type { Schedule } from '../../contract/schedule.ts';
import { createSchedule } from '../../contract/schedule.ts';
import type { AnnouncementOrder } from '../alarms/alarm.ts';

type Said = Pick<AnnouncementOrder, 'announcement' | 'severity'>;

export type SpeakingPolicy = Readonly<{
  /** Why it is not said now; undefined when it is. What is said is remembered. */
  holdBack: (order: Said, nowMs: number) => string | undefined;
}>;

export type SpeakingPolicySettings = Readonly<{
  quietHours?: Schedule;
  /** The same words are not said again before so long. */
  cooldownSeconds?: number;
}>;

export function createSpeakingPolicy({
  quietHours,
  cooldownSeconds = 0,
}: SpeakingPolicySettings): SpeakingPolicy {
  const isQuietAt = quietHours === undefined ? () => false : createSchedule(quietHours);
  let last: Readonly<{ words: string; atMs: number }> | undefined;
  return {
    holdBack: ({ announcement, severity }, nowMs) => {
      const words = JSON.stringify(announcement);
      const isRepeat =
        last?.words === words && nowMs - last.atMs < cooldownSeconds * 1000 && nowMs >= last.atMs;
      if (severity !== 'emergency' && isQuietAt(nowMs)) return because('quiet-hours');
      if (severity !== 'emergency' && isRepeat)
        return because('said-just-now', { seconds: cooldownSeconds });
      last = { words, atMs: nowMs };
      return undefined;
    },
  };
}
