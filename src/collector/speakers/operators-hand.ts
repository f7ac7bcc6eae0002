/** What an operator does to a speaker directly. */
import { because } from '../../contract/reason.ts';
import type { AnnouncementEnd } from './announcement-delivery.ts';
import type { AnnouncementQueue } from './announcement-queue.ts';
import { openLiveSpeech } from './live-speech.ts';
import type { OpenedLive, SpeakerDriver } from './speaker.ts';
import type { SpeakerWatch } from './speaker-watch.ts';
import { soundTestTone } from './test-tone.ts';
import { openZoneSpeech } from './zone-speech.ts';

export type OperatorsHand = Readonly<{
  /** An operator's own voice on a speaker or on all of a zone, which goes before everything; an abort ends it. */
  openLive: (speakerId: string, signal: AbortSignal) => Promise<OpenedLive>;
  /** The speaker itself, or those of a zone. */
  idsOf: (speakerId: string) => readonly string[];
  /** A gong, to hear whether the speaker works; undefined when there is no such speaker. */
  soundTone: (speakerId: string) => Promise<AnnouncementEnd | undefined>;
  /** Stops an announcement that waits or is being said; false when it is over already. */
  cancel: (announcementId: string) => boolean;
  /** Silences a speaker at once and forgets what waits for it; false when there is no such speaker. */
  silence: (speakerId: string) => boolean;
  /** Somebody stood beside it and heard it; false when there is no such speaker. */
  confirmHeard: (speakerId: string) => Promise<boolean>;
}>;

export type HandledSpeaker = Readonly<{
  name: string;
  config: Readonly<{ speakerId: string }>;
  driver: SpeakerDriver;
  queue: AnnouncementQueue;
  watch: SpeakerWatch;
}>;

/** `membersOf`: one speaker, or those of a zone; none when the id is unknown. */
export function createOperatorsHand(
  membersOf: (speakerId: string) => readonly HandledSpeaker[],
  all: () => readonly HandledSpeaker[],
  now: () => number,
): OperatorsHand {
  return {
    openLive: async (speakerId, signal) => {
      const [speaker, ...others] = membersOf(speakerId);
      if (speaker === undefined) {
        return { ok: false, refused: { kind: 'refused', reason: noSuchSpeaker(speakerId) } };
      }
      if (others.length === 0) return openLiveSpeech({ ...speaker, nowMs: now(), signal });
      const voices = [speaker, ...others].map((member) => ({
        name: member.name,
        open: (ending: AbortSignal) => openLiveSpeech({ ...member, nowMs: now(), signal: ending }),
      }));
      return openZoneSpeech(voices, signal);
    },
    idsOf: (speakerId) => membersOf(speakerId).map(({ config }) => config.speakerId),
    soundTone: async (speakerId) => {
      const ends = await Promise.all(
        membersOf(speakerId).map(({ driver, queue }) => soundTestTone(driver, queue, now())),
      );
      return ends.find(({ reason }) => reason !== undefined) ?? ends[0];
    },
    cancel: (announcementId) =>
      all()
        .map(({ queue }) => queue.cancel(announcementId))
        .some((cancelled) => cancelled),
    silence: (speakerId) => {
      const members = membersOf(speakerId);
      for (const { queue } of members) queue.cancelAll();
      return members.length > 0;
    },
    confirmHeard: async (speakerId) => {
      const members = membersOf(speakerId);
      await Promise.all(members.map(({ watch }) => watch.confirmHeard()));
      return members.length > 0;
    },
  };
}

export function noSuchSpeaker(speakerId: string): string {
  return because('no-such-speaker', { speakerId });
}
