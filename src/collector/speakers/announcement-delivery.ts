/**
 * The way of one order: prepare its sound, claim it for ever, speak it, store how it ended.
 * The claim stands between preparing and speaking: what a crash interrupts after it is never spoken again.
 */
import type { Logger } from 'pino';
import type { AnnouncementState } from '../../contract/console-api.ts';
import type { AnnouncementOrder } from '../alarms/alarm.ts';
import type { Store } from '../store/store.ts';
import type { Deliver, Delivered, Interruption } from './announcement-queue.ts';
import type { Outcome, SpeakerDriver } from './speaker.ts';
import type { PreparedSound, Voice } from './voice/voice.ts';

export type DeliverySettings = Readonly<{
  driver: SpeakerDriver;
  voice: Pick<Voice, 'prepare'>;
  store: Pick<Store, 'claimAnnouncement' | 'finishAnnouncement'>;
  logger: Logger;
  now: () => number;
}>;

type End = Readonly<{ state: AnnouncementState; reason?: string }>;

/** A driver that has not ended by this long after the sound should have is told to. */
const overdueMs = 10_000;

export function createDelivery(settings: DeliverySettings): Deliver {
  const { driver, voice, store, logger, now } = settings;

  const deliver = async (order: AnnouncementOrder, signal: AbortSignal): Promise<Delivered> => {
    const expired = (): boolean => now() >= order.expiresAtMs;
    // An interruption does not wait for the sound, which goes on being prepared for the next time.
    const sound = expired()
      ? undefined
      : await Promise.race([voice.prepare(order.announcement, driver.sampleRate), aborted(signal)]);
    if (signal.aborted) return 'not-started';
    if (!(await store.claimAnnouncement(order.announcementId, now()))) return 'done';

    // Asked again, because preparing and claiming took their time.
    const end: End =
      sound === undefined || expired()
        ? { state: 'expired', reason: 'its time had passed before the speaker was free' }
        : await speak(driver, order, sound, signal);
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

async function speak(
  driver: SpeakerDriver,
  order: AnnouncementOrder,
  sound: PreparedSound,
  signal: AbortSignal,
): Promise<End> {
  if (!sound.ok) return { state: 'failed', reason: sound.reason };
  const overdue = AbortSignal.timeout(Math.ceil(sound.seconds * 1000) + overdueMs);
  try {
    const audio = {
      announcementId: order.announcementId,
      wavPath: sound.wavPath,
      seconds: sound.seconds,
    };
    return endOf(await driver.play(audio, AbortSignal.any([signal, overdue])), signal);
  } catch (error) {
    return { state: 'failed', reason: `the driver broke: ${String(error)}` };
  }
}

function endOf(outcome: Outcome, signal: AbortSignal): End {
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

function interruption(signal: AbortSignal): string {
  if (!signal.aborted) return 'the speaker did not finish in time';
  return signal.reason === ('pre-empted' satisfies Interruption)
    ? 'cut short by a more urgent announcement'
    : 'cut short because the collector was stopped';
}
