/**
 * The way of one order: prepare its sound, claim it for ever, speak it, store how it ended.
 * The claim stands between preparing and speaking: what a crash interrupts after it is never spoken again.
 */

import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { AnnouncementState } from '../../contract/console-api.ts';
import { because } from '../../contract/reason.ts';
import type { AnnouncementOrder } from '../alarms/alarm.ts';
import type { Store } from '../store/store.ts';
import type { Delivered, Interruption } from './announcement-queue.ts';
import { shapeSound } from './announcement-sound.ts';
import type { Outcome, SampleRate, SpeakerDriver, Start } from './speaker.ts';
import type { SpeakingPolicy } from './speaking-policy.ts';
import type { Voice } from './voice/voice.ts';
import { readWav } from './voice/wav-file.ts';

/** What makes a speaker speak: its driver, and when it may. */
export type SpeakingPart = Readonly<{ driver: SpeakerDriver; policy?: SpeakingPolicy }>;

export type DeliverySettings = Readonly<{
  part: SpeakingPart;
  /** Nothing is said longer than this. */
  mostSeconds: number;
  voice: Pick<Voice, 'prepare'>;
  store: Pick<Store, 'claimAnnouncement' | 'finishAnnouncement'>;
  /** Told as it begins to speak; must not throw. */
  onBegun?: (order: AnnouncementOrder) => unknown;
  logger: Logger;
  now: () => number;
}>;

export type Deliver = (order: AnnouncementOrder, signal: AbortSignal) => Promise<Delivered>;

export type AnnouncementEnd = Readonly<{ state: AnnouncementState; reason?: string }>;

export type Sound =
  | Readonly<{ ok: true; samples: Int16Array; sampleRate: SampleRate }>
  | Readonly<{ ok: false; reason: string }>;

/** A driver that has not ended by this long after the sound should have is told to. */
const overdueMs = 10_000;

export function createDelivery(settings: DeliverySettings): Deliver {
  const { part, voice, mostSeconds } = settings;
  return withClaim(settings, {
    prepare: (order) => prepareSound({ voice, mostSeconds }, order, part.driver.sampleRate),
    speak: (order, sound, signal) => speakOn(part, order, sound, signal, settings.now),
  });
}

type Speaking<Prepared> = Readonly<{
  prepare: (order: AnnouncementOrder) => Promise<Prepared>;
  speak: (
    order: AnnouncementOrder,
    prepared: Prepared,
    signal: AbortSignal,
  ) => Promise<AnnouncementEnd>;
}>;

/** Whatever speaks, it speaks once: between preparing and speaking the order is claimed. */
export function withClaim<Prepared>(
  settings: Pick<DeliverySettings, 'store' | 'onBegun' | 'logger' | 'now'>,
  { prepare, speak }: Speaking<Prepared>,
): Deliver {
  const { store, onBegun, logger, now } = settings;
  const begin: typeof speak = (...spoken) => {
    const ending = speak(...spoken);
    onBegun?.(spoken[0]);
    return ending;
  };
  const deliver = async (order: AnnouncementOrder, signal: AbortSignal): Promise<Delivered> => {
    const expired = (): boolean => now() >= order.expiresAtMs;
    // An interruption does not wait for the sound, which goes on being prepared for the next time.
    const sound =
      expired() || signal.aborted
        ? undefined
        : await Promise.race([prepare(order), aborted(signal)]);
    if (signal.aborted && signal.reason !== ('cancelled' satisfies Interruption))
      return 'not-started';
    if (!(await store.claimAnnouncement(order.announcementId, now()))) return 'done';

    // Asked again, because preparing and claiming took their time.
    const end: AnnouncementEnd = signal.aborted
      ? { state: 'failed', reason: interruption(signal) }
      : sound === undefined || expired()
        ? { state: 'expired', reason: because('too-late') }
        : await begin(order, sound, signal);
    await store.finishAnnouncement(order.announcementId, end.state, end.reason, now());
    logger.info(
      { announcementId: order.announcementId, speakerId: order.speakerId, ...end },
      'announcement finished',
    );
    return 'done';
  };

  return async (order, signal) => {
    try {
      return await deliver(order, signal);
    } catch (error) {
      logger.error(
        { announcementId: order.announcementId, reason: String(error) },
        'announcement could not be claimed or its outcome not stored',
      );
      return 'done';
    }
  };
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

export async function prepareSound(
  { voice, mostSeconds }: Pick<DeliverySettings, 'voice' | 'mostSeconds'>,
  order: Pick<AnnouncementOrder, 'announcement' | 'times' | 'gainDb'>,
  sampleRate: SampleRate,
): Promise<Sound> {
  const prepared = await voice.prepare(order.announcement, sampleRate);
  if (!prepared.ok) return prepared;
  try {
    const { samples } = readWav(await readFile(prepared.wavPath));
    return {
      ok: true,
      sampleRate,
      samples: shapeSound(samples, sampleRate, { ...order, mostSeconds }),
    };
  } catch (error) {
    return { ok: false, reason: because('sound-unreadable', { error: String(error) }) };
  }
}

type Spoken = Pick<AnnouncementOrder, 'announcementId'> & Partial<AnnouncementOrder>;

export async function speakOn(
  { driver, policy }: SpeakingPart,
  order: Spoken,
  sound: Sound,
  signal: AbortSignal,
  now: () => number,
  start?: Start,
): Promise<AnnouncementEnd> {
  if (!sound.ok) return { state: 'failed', reason: sound.reason };
  const { announcementId, announcement, severity } = order;
  if (announcement !== undefined && severity !== undefined) {
    const reason = policy?.holdBack({ announcement, severity }, now());
    if (reason !== undefined) return { state: 'withheld', reason };
  }
  const { samples, sampleRate } = sound;
  const overdue = AbortSignal.timeout(Math.ceil((samples.length / sampleRate) * 1000) + overdueMs);
  try {
    const recording = announcement?.kind === 'recording' ? { recording: announcement.name } : {};
    const audio = { announcementId, samples, sampleRate, ...recording };
    return endOf(await driver.play(audio, AbortSignal.any([signal, overdue]), start), signal);
  } catch (error) {
    return { state: 'failed', reason: because('driver-broke', { error: String(error) }) };
  }
}

function endOf(outcome: Outcome, signal: AbortSignal): AnnouncementEnd {
  switch (outcome.kind) {
    case 'sent':
    case 'answered':
    case 'played':
      return { state: outcome.kind };
    case 'stopped':
      return { state: 'failed', reason: interruption(signal) };
    case 'busy':
    case 'refused':
    case 'unreachable':
    case 'failed':
      return { state: outcome.kind, reason: outcome.reason };
    default:
      return outcome satisfies never;
  }
}

const interruptions: Readonly<Record<Interruption, string>> = {
  'pre-empted': because('cut-by-urgent'),
  cancelled: because('stopped-by-operator'),
  stopped: because('cut-by-stop'),
};

function interruption({ aborted: isAborted, reason }: AbortSignal): string {
  if (!isAborted) return because('speaker-unfinished');
  return interruptions[reason as Interruption];
}
