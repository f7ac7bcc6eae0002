/** A gong through a speaker's queue, to hear whether it works. Nothing of it is stored: it belongs to no alarm. */
import { randomUUID } from 'node:crypto';
import { type AnnouncementEnd, speakOn } from './announcement-delivery.ts';
import type { AnnouncementQueue } from './announcement-queue.ts';
import { testTone } from './announcement-sound.ts';
import type { SpeakerDriver } from './speaker.ts';

export function soundTestTone(
  driver: SpeakerDriver,
  queue: AnnouncementQueue,
  nowMs: number,
): Promise<AnnouncementEnd> {
  const { sampleRate } = driver;
  const jobId = randomUUID();
  return new Promise((resolve) => {
    queue.add({
      jobId,
      urgency: 'information',
      orderedAtMs: nowMs,
      run: async (signal) => {
        const sound = { ok: true, samples: testTone(sampleRate), sampleRate } as const;
        resolve(await speakOn({ driver }, { announcementId: jobId }, sound, signal, Date.now));
        return 'done';
      },
    });
  });
}
