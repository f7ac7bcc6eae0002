/**
 * In the box's main thread: hands the centre's question whether somebody left to the camera's worker, and reports the
 * answer as an event. A worker that dies or does not know the camera's person never leaves the centre without an answer.
 */

import type { WatchLeaving } from '../contract/edge-report.ts';
import { because } from '../contract/reason.ts';
import type { EventDraft } from '../contract/rule-event.ts';
import type { Leaving } from './scene/leaving-watch.ts';
import type { ToWorker } from './worker-messages.ts';

export type WarningDesk = Readonly<{
  take: (command: WatchLeaving) => void;
  answered: (cameraId: string, leaving: Leaving) => void;
  /** Called each second. */
  elapse: () => void;
}>;

type Parts = Readonly<{
  post: (cameraId: string, message: ToWorker) => void;
  report: (draft: EventDraft) => unknown;
  now: () => number;
}>;

/** Longer than the worker takes at most to be sure about the last moment. */
const patienceMs = 10_000;
const mostReasonLength = 300;

type Asked = Readonly<{ command: WatchLeaving; untilMs: number }>;

export function createWarningDesk({ post, report, now }: Parts): WarningDesk {
  const asked = new Map<string, Asked>();

  const tell = (cameraId: string, { eventId, outcome, afterSeconds, reason }: Leaving): void => {
    asked.delete(eventId);
    report({
      kind: 'warning-answered',
      cameraId,
      capturedAtMs: now(),
      mediaTimeMs: 0,
      warnedEventId: eventId,
      outcome,
      afterSeconds,
      ...(reason === undefined ? {} : { reason: reason.slice(0, mostReasonLength) }),
    });
  };

  return {
    take: (command) => {
      const { eventId, ruleId, trackId, personId, forSeconds, cameraId, capturedAtMs } = command;
      if (asked.has(eventId)) return;
      asked.set(eventId, { command, untilMs: now() + forSeconds * 1000 + patienceMs });
      const order = { eventId, ruleId, trackId, personId, forSeconds };
      post(cameraId, { kind: 'watch-leaving', order, capturedAtMs });
    },
    answered: (cameraId, leaving) => {
      // One that was given up has been answered.
      if (asked.has(leaving.eventId)) tell(cameraId, leaving);
    },
    elapse: () => {
      for (const { command, untilMs } of [...asked.values()]) {
        if (now() < untilMs) continue;
        const { eventId, cameraId, forSeconds: afterSeconds } = command;
        const reason = because('analysis-silent');
        tell(cameraId, { eventId, outcome: 'unknown', afterSeconds, reason });
      }
    },
  };
}
