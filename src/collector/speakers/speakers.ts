/**
 * The lanes' voice: every speaker with its queue. An order is spoken at most once, never after its time,
 * one at a time per speaker, the most severe first; how it ended is stored.
 */
import type { Logger } from 'pino';
import type { SpeakerView } from '../../contract/console-api.ts';
import type { Announcement } from '../../contract/rule-response.ts';
import type { AnnouncementOrder } from '../alarms/alarm.ts';
import type { Store } from '../store/store.ts';
import { createAbandonedWatch } from './abandoned-announcements.ts';
import { createDelivery, type Deliver, type DeliverySettings } from './announcement-delivery.ts';
import { createAnnouncementQueue, type SpeakerJob } from './announcement-queue.ts';
import { createOperatorsHand, noSuchSpeaker, type OperatorsHand } from './operators-hand.ts';
import { createRtpSender, type RtpSender } from './rtp/rtp-sender.ts';
import { createCallBook } from './sip/call-book.ts';
import type { SpeakerDriver } from './speaker.ts';
import type { SingleSpeakerConfig, SpeakerConfig, ZoneSpeakerConfig } from './speaker-config.ts';
import { createSpeakerDriver } from './speaker-drivers.ts';
import { speakerView, type ViewedSpeaker, zoneView } from './speaker-views.ts';
import { createSpeakerWatch } from './speaker-watch.ts';
import { announceInZone } from './speaker-zone.ts';
import { createSpeakingPolicy, type SpeakingPolicy } from './speaking-policy.ts';
import { createTalks, type Talks } from './talk.ts';
import { createVoice, type Voice, type VoiceSettings } from './voice/voice.ts';

export type SpeakersSettings = VoiceSettings &
  Readonly<{
    speakers: readonly SpeakerConfig[];
    /** Nothing is said longer than this; the default is a minute. */
    mostSeconds?: number;
    /** No other collector speaks for this centre. */
    isAlone?: boolean;
    /** What operators say is kept there, when it is given. */
    talk?: Readonly<{ recordingsFolder?: string }>;
    /** How often a silent speaker is looked at; the default is a minute. */
    probeEveryMs?: number;
  }>;

export type SpeakersDependencies = Readonly<{
  store: Pick<
    Store,
    | 'claimAnnouncement'
    | 'finishAnnouncement'
    | 'queuedAnnouncements'
    | 'finishAbandoned'
    | 'tellSpeaker'
    | 'setting'
    | 'changeSetting'
    | 'keepCall'
    | 'forgetCall'
    | 'keptCalls'
  >;
  /** Told as an announcement begins; must not throw. */
  onBegun?: (order: AnnouncementOrder) => unknown;
  logger: Logger;
  now: () => number;
}>;

export type Speakers = OperatorsHand &
  Readonly<{
    /** Begins to probe the speakers and takes up orders that a crash left queued; those whose time has passed expire. */
    start: () => Promise<void>;
    /** Silent when it resolves; what was being said is stored as cut short, what waited stays queued. */
    stop: () => Promise<void>;
    announce: (order: AnnouncementOrder) => void;
    /** Prepares sound ahead, so that the first alarm of a rule speaks as fast as the others. */
    warm: (announcements: readonly Announcement[]) => Promise<void>;
    views: () => readonly SpeakerView[];
    /** The library, and the sound of an announcement as a driver gets it. */
    voice: Pick<Voice, 'prepare' | 'recordings' | 'speechFault'>;
    /** Operators' own voices, one a speaker. */
    talks: Talks;
  }>;

type Speaker = ViewedSpeaker &
  Readonly<{ name: string; driver: SpeakerDriver; policy: SpeakingPolicy; deliver: Deliver }>;
type Zone = Readonly<{ config: ZoneSpeakerConfig; members: readonly Speaker[] }>;

const defaultMostSeconds = 60;
const defaultProbeEveryMs = 60_000;

export function createSpeakers(
  settings: SpeakersSettings,
  dependencies: SpeakersDependencies,
): Speakers {
  const { store, logger, now } = dependencies;
  const rtpSender = createRtpSender(logger);
  const voice = createVoice(settings);
  const { mostSeconds = defaultMostSeconds, isAlone = false } = settings;
  const delivery = { ...dependencies, mostSeconds, voice };
  const speakers = createEach(settings, { ...dependencies, rtpSender }, delivery);
  const zones = zonesOf(settings.speakers, speakers);
  const all = [...speakers.values()];
  const membersOf = (speakerId: string): readonly Speaker[] =>
    zones.get(speakerId)?.members ?? all.filter((one) => one.config.speakerId === speakerId);
  const abandoned = createAbandonedWatch({ store, mostSeconds, isAlone, logger, now });
  const hand = createOperatorsHand(membersOf, () => all, now);
  let stopped = false;

  const announce = (order: AnnouncementOrder): void => {
    const zone = zones.get(order.speakerId);
    const speaker = speakers.get(order.speakerId);
    if (zone !== undefined) announceInZone(zone.members, delivery, order);
    else if (speaker !== undefined) speaker.queue.add(jobOf(order, speaker.deliver));
    else void refuse(order, dependencies);
  };

  return {
    start: async () => {
      if (settings.speakers.some(({ driver }) => driver === 'rtp' || driver === 'sip'))
        rtpSender.start();
      const speech = await voice.start();
      if (!speech.ok) logger.error({ reason: speech.reason }, 'speech is not available');
      // A speaker that does not answer takes seconds to say so; the others shall not wait for it.
      for (const { watch } of all) watch.start();
      await abandoned.start();
      for (const order of await store.queuedAnnouncements()) announce(order);
    },
    stop: async () => {
      stopped = true;
      abandoned.stop();
      await Promise.all(all.map(({ queue }) => queue.stop()));
      await Promise.all(all.map(({ watch }) => watch.stop()));
      await Promise.all(all.map(({ driver }) => driver.stop()));
      await voice.stop();
      await rtpSender.stop();
    },
    announce,
    voice,
    ...hand,
    talks: createTalks({ ...settings.talk, ...hand, logger, now }),
    warm: warmer(all, voice, logger, () => stopped),
    views: () => [
      ...all.map(speakerView),
      ...[...zones.values()].map(({ config, members }) =>
        zoneView(config, members.map(speakerView)),
      ),
    ],
  };
}

function createEach(
  settings: SpeakersSettings,
  { store, logger, now, rtpSender }: SpeakersDependencies & Readonly<{ rtpSender: RtpSender }>,
  delivery: Omit<DeliverySettings, 'part'>,
): ReadonlyMap<string, Speaker> {
  const { probeEveryMs = defaultProbeEveryMs, isAlone = false } = settings;
  const callBook = (speakerId: string) =>
    createCallBook({ speakerId, store, isAlone, logger, now });
  const create = (config: SingleSpeakerConfig): Speaker => {
    const queue = createAnnouncementQueue();
    const watch = createSpeakerWatch({
      speakerId: config.speakerId,
      driver: createSpeakerDriver(config, { rtpSender, callBook, now }),
      probeEveryMs,
      isSpeaking: () => queue.current() !== undefined,
      onChange: () => {
        store
          .tellSpeaker(speakerView({ config, queue, watch }), now())
          .catch((error: unknown) =>
            logger.error({ reason: String(error) }, 'speaker could not be put on the feed'),
          );
      },
      store,
      logger,
      now,
    });
    const { driver } = watch;
    const policy = createSpeakingPolicy(config);
    const deliver = createDelivery({ ...delivery, part: { driver, policy } });
    return { config, name: config.name, queue, watch, driver, policy, deliver };
  };
  const single = settings.speakers.filter((config) => config.driver !== 'zone');
  return new Map(single.map((config) => [config.speakerId, create(config)]));
}

function zonesOf(
  configs: readonly SpeakerConfig[],
  speakers: ReadonlyMap<string, Speaker>,
): ReadonlyMap<string, Zone> {
  const zones = configs.filter((config) => config.driver === 'zone');
  return new Map(
    zones.map((config) => {
      const members = (config.speakerIds ?? []).flatMap((id) => speakers.get(id) ?? []);
      return [config.speakerId, { config, members }];
    }),
  );
}

function jobOf(order: AnnouncementOrder, deliver: Deliver): SpeakerJob {
  return {
    jobId: order.announcementId,
    urgency: order.severity,
    orderedAtMs: order.orderedAtMs,
    run: (signal) => deliver(order, signal),
  };
}

function warmer(
  speakers: readonly Speaker[],
  voice: Voice,
  logger: Logger,
  isStopped: () => boolean,
): Speakers['warm'] {
  const sampleRates = new Set(speakers.map(({ driver }) => driver.sampleRate));
  return async (announcements) => {
    // One after the other: alarms that speak meanwhile need the machine more.
    for (const announcement of announcements) {
      for (const sampleRate of sampleRates) {
        if (isStopped()) return;
        const sound = await voice.prepare(announcement, sampleRate);
        if (!sound.ok) logger.warn({ reason: sound.reason }, 'announcement cannot be prepared');
      }
    }
  };
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
