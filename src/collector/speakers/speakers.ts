/**
 * The lanes' voice: every speaker with its queue. An order is spoken at most once, never after its time,
 * one at a time per speaker, the most severe first; how it ended is stored.
 */
import type { Logger } from 'pino';
import type { SpeakerView } from '../../contract/console-api.ts';
import type { Announcement } from '../../contract/rule.ts';
import type { AnnouncementOrder } from '../alarms/alarm.ts';
import type { Store } from '../store/store.ts';
import { type AnnouncementEnd, createDelivery, type Deliver } from './announcement-delivery.ts';
import {
  type AnnouncementQueue,
  createAnnouncementQueue,
  type SpeakerJob,
} from './announcement-queue.ts';
import { openLiveSpeech } from './live-speech.ts';
import { createRtpSender } from './rtp/rtp-sender.ts';
import type { OpenedLive, SampleRate, SpeakerDriver } from './speaker.ts';
import type { SpeakerConfig } from './speaker-config.ts';
import { createSpeakerDriver } from './speaker-drivers.ts';
import { soundTestTone } from './test-tone.ts';
import { createVoice, type Voice, type VoiceSettings } from './voice/voice.ts';

export type SpeakersSettings = VoiceSettings &
  Readonly<{
    speakers: readonly SpeakerConfig[];
    /** Nothing is said longer than this; the default is a minute. */
    mostSeconds?: number;
  }>;

export type SpeakersDependencies = Readonly<{
  store: Pick<Store, 'claimAnnouncement' | 'finishAnnouncement' | 'queuedAnnouncements'>;
  logger: Logger;
  now: () => number;
}>;

export type Speakers = Readonly<{
  /** Probes the speakers and takes up orders that a crash left queued; those whose time has passed expire. */
  start: () => Promise<void>;
  /** Silent when it resolves; what was being said is stored as cut short, what waited stays queued. */
  stop: () => Promise<void>;
  announce: (order: AnnouncementOrder) => void;
  /** An operator's own voice, which goes before everything; an abort ends it. */
  openLive: (speakerId: string, signal: AbortSignal) => Promise<OpenedLive>;
  /** A gong, to hear whether the speaker works; undefined when there is no such speaker. */
  soundTone: (speakerId: string) => Promise<AnnouncementEnd | undefined>;
  /** Stops an announcement that waits or is being said; false when it is over already. */
  cancel: (announcementId: string) => boolean;
  /** Silences a speaker at once and forgets what waits for it; false when there is no such speaker. */
  silence: (speakerId: string) => boolean;
  /** Prepares sound ahead, so that the first alarm of a rule speaks as fast as the others. */
  warm: (announcements: readonly Announcement[]) => Promise<void>;
  views: () => readonly SpeakerView[];
  /** The library, and the sound of an announcement as a driver gets it. */
  voice: Pick<Voice, 'prepare' | 'recordings' | 'speechFault'>;
}>;

type Speaker = Readonly<{
  config: SpeakerConfig;
  driver: SpeakerDriver;
  queue: AnnouncementQueue;
  deliver: Deliver;
}>;

const defaultMostSeconds = 60;

export function createSpeakers(
  settings: SpeakersSettings,
  { store, logger, now }: SpeakersDependencies,
): Speakers {
  const rtpSender = createRtpSender(logger);
  const voice = createVoice(settings);
  const { mostSeconds = defaultMostSeconds } = settings;
  const speakers = new Map<string, Speaker>(
    settings.speakers.map((config) => {
      const driver = createSpeakerDriver(config, { rtpSender, now });
      const deliver = createDelivery({ driver, mostSeconds, voice, store, logger, now });
      return [config.speakerId, { config, driver, deliver, queue: createAnnouncementQueue() }];
    }),
  );
  const sampleRates = new Set([...speakers.values()].map(({ driver }) => driver.sampleRate));

  let stopped = false;

  const announce = (order: AnnouncementOrder): void => {
    const speaker = speakers.get(order.speakerId);
    if (speaker === undefined) void refuse(order, { store, logger, now });
    else speaker.queue.add(jobOf(order, speaker.deliver));
  };

  return {
    start: async () => {
      if (settings.speakers.some(({ driver }) => driver === 'rtp' || driver === 'sip'))
        rtpSender.start();
      const speech = await voice.start();
      if (!speech.ok) logger.error({ reason: speech.reason }, 'speech is not available');
      await Promise.all([...speakers.values()].map((speaker) => report(speaker, logger)));
      for (const order of await store.queuedAnnouncements()) announce(order);
    },
    stop: async () => {
      stopped = true;
      await Promise.all([...speakers.values()].map(({ queue }) => queue.stop()));
      await Promise.all([...speakers.values()].map(({ driver }) => driver.stop()));
      await voice.stop();
      await rtpSender.stop();
    },
    announce,
    voice,
    ...operatorsHand(speakers, now),
    warm: async (announcements) => {
      // One after the other: alarms that speak meanwhile need the machine more.
      for (const announcement of announcements) {
        if (!stopped) await warm(announcement, sampleRates, voice, logger);
      }
    },
    views: () =>
      [...speakers.values()].map(({ config: { speakerId, name, driver } }) => ({
        speakerId,
        name,
        driver,
      })),
  };
}

/** What an operator does to a speaker directly. */
function operatorsHand(
  speakers: ReadonlyMap<string, Speaker>,
  now: () => number,
): Pick<Speakers, 'openLive' | 'soundTone' | 'cancel' | 'silence'> {
  return {
    openLive: async (speakerId, signal) => {
      const speaker = speakers.get(speakerId);
      if (speaker === undefined) {
        return { ok: false, refused: { kind: 'refused', reason: noSuchSpeaker(speakerId) } };
      }
      return openLiveSpeech({ ...speaker, nowMs: now(), signal });
    },
    soundTone: async (speakerId) => {
      const speaker = speakers.get(speakerId);
      return speaker && soundTestTone(speaker.driver, speaker.queue, now());
    },
    cancel: (announcementId) =>
      [...speakers.values()].some(({ queue }) => queue.cancel(announcementId)),
    silence: (speakerId) => {
      const speaker = speakers.get(speakerId);
      speaker?.queue.cancelAll();
      return speaker !== undefined;
    },
  };
}

function jobOf(order: AnnouncementOrder, deliver: Deliver): SpeakerJob {
  return {
    jobId: order.announcementId,
    urgency: order.severity,
    orderedAtMs: order.orderedAtMs,
    run: (signal) => deliver(order, signal),
  };
}

function noSuchSpeaker(speakerId: string): string {
  return `no speaker "${speakerId}" is configured; add it to the collector's speakers`;
}

async function report({ config, driver }: Speaker, logger: Logger): Promise<void> {
  const probe = await driver.probe();
  if (!('reason' in probe)) return;
  logger.warn({ speakerId: config.speakerId, reason: probe.reason }, 'speaker cannot be reached');
}

async function warm(
  announcement: Announcement,
  sampleRates: ReadonlySet<SampleRate>,
  voice: Voice,
  logger: Logger,
): Promise<void> {
  for (const sampleRate of sampleRates) {
    const sound = await voice.prepare(announcement, sampleRate);
    if (!sound.ok) logger.warn({ reason: sound.reason }, 'announcement cannot be prepared');
  }
}

async function refuse(
  order: AnnouncementOrder,
  { store, logger, now }: SpeakersDependencies,
): Promise<void> {
  const reason = noSuchSpeaker(order.speakerId);
  logger.error({ announcementId: order.announcementId, reason }, 'announcement has no speaker');
  try {
    if (!(await store.claimAnnouncement(order.announcementId, now()))) return;
    await store.finishAnnouncement(order.announcementId, 'failed', reason, now());
  } catch (error) {
    logger.error({ reason: String(error) }, 'announcement outcome could not be stored');
  }
}
