/** Live speech in a speaker's queue: it cuts short what is being said, holds the speaker while it lasts, and gives it back. */

import { randomUUID } from 'node:crypto';
import { because } from '../../contract/reason.ts';
import type { AnnouncementQueue } from './announcement-queue.ts';
import type { OpenedLive, SpeakerDriver } from './speaker.ts';

export type LiveParts = Readonly<{
  driver: SpeakerDriver;
  queue: AnnouncementQueue;
  nowMs: number;
  signal: AbortSignal;
}>;

/** One voice at a time: a second one is told that the speaker is busy. */
export function openLiveSpeech({ driver, queue, nowMs, signal }: LiveParts): Promise<OpenedLive> {
  const { openLive } = driver;
  if (openLive === undefined) {
    return refused('refused', because('not-live'));
  }
  if (queue.current()?.urgency === 'live') {
    return refused('busy', because('held-by-another'));
  }
  return new Promise((resolve) => {
    queue.add({
      jobId: randomUUID(),
      urgency: 'live',
      orderedAtMs: nowMs,
      run: async (interrupted) => {
        const opened = await openLive(AbortSignal.any([signal, interrupted]));
        resolve(opened);
        if (opened.ok) await opened.stream.ended;
        return 'done';
      },
    });
  });
}

function refused(kind: 'refused' | 'busy', reason: string): Promise<OpenedLive> {
  return Promise.resolve({ ok: false, refused: { kind, reason } });
}
