/** Speakers for tests that are about something else: those that the test names, and none of them says anything. */
import type { SpeakerView } from '../contract/console-api.ts';

export function silentSpeakers(speakerIds: readonly string[] = []) {
  const views = speakerIds.map(
    (speakerId): SpeakerView => ({
      speakerId,
      name: speakerId,
      driver: 'file',
      state: 'ready',
      stateSinceMs: 1,
      isOverdue: false,
      takesLive: false,
      speaking: 'nothing',
      waiting: 0,
    }),
  );
  const isOne = (speakerId: string): boolean => speakerIds.includes(speakerId);
  return {
    views: () => views,
    soundTone: async (speakerId: string) =>
      isOne(speakerId) ? ({ state: 'played' } as const) : undefined,
    silence: isOne,
    cancel: () => false,
    confirmHeard: async (speakerId: string) => isOne(speakerId),
  };
}
