/** What the main thread does with a camera worker's message: events to the outbox, states and rules to the books. */
import type { Logger } from 'pino';
import type { EventDraft, RuleEvent } from '../contract/rule-event.ts';
import type { CameraStates } from './camera-states.ts';
import type { RuleBook } from './rule-book.ts';
import type { Leaving } from './scene/leaving-watch.ts';
import type { FromWorker } from './worker-messages.ts';

export type WorkerReports = Readonly<{
  take: (cameraId: string, message: FromWorker) => void;
  /** Keeps an event of the box itself, such as a camera that went dark. */
  report: (draft: EventDraft) => RuleEvent | undefined;
}>;

type Parts = Readonly<{
  states: CameraStates;
  ruleBook: RuleBook;
  uplink: Readonly<{
    report: (draft: EventDraft) => RuleEvent;
    attachSnapshot: (eventId: string, jpeg: Uint8Array) => void;
  }>;
  trackLog: Readonly<{ append: (cameraId: string, batch: Uint8Array, nowMs: number) => void }>;
  /** What a worker found out about somebody who was warned. */
  onLeaving: (cameraId: string, leaving: Leaving) => void;
  /** Called when the centre should hear of a change at once. */
  onChange: () => void;
  logger: Logger;
}>;

export function createWorkerReports(parts: Parts): WorkerReports {
  /** Events whose snapshot is still being drawn. */
  const awaiting = new Map<string, string>();

  const report: WorkerReports['report'] = (draft) => {
    try {
      return parts.uplink.report(draft);
    } catch (error) {
      const { cameraId, kind } = draft;
      parts.logger.error({ cameraId, kind, reason: String(error) }, 'event could not be kept');
      return undefined;
    }
  };

  return {
    report,
    take: (cameraId, message) => {
      switch (message.kind) {
        case 'event': {
          const key = `${cameraId}/${message.reportId}`;
          awaitSnapshot(awaiting, key, report(message.draft)?.eventId);
          break;
        }
        case 'snapshot':
          attach(parts, awaiting, `${cameraId}/${message.reportId}`, message.jpeg);
          break;
        case 'state':
          changeState(parts, cameraId, message);
          break;
        case 'warnings':
          warn(parts, cameraId, message.sentences);
          break;
        case 'rules-applied':
          parts.ruleBook.applied(cameraId, message.version);
          parts.onChange();
          break;
        case 'rules-drawn-on':
          parts.ruleBook.drawnOn(cameraId, message.version, message.size);
          break;
        case 'tracks':
          parts.trackLog.append(cameraId, message.batch, Date.now());
          break;
        case 'leaving':
          parts.onLeaving(cameraId, message.leaving);
          break;
        case 'lost-look':
          parts.logger.error({ cameraId }, 'a look was never answered; the camera goes on');
          break;
        case 'pulse':
          parts.states.pulse(cameraId, message);
          break;
        default:
          message satisfies never;
      }
    },
  };
}

function attach(parts: Parts, awaiting: Map<string, string>, key: string, jpeg: Uint8Array): void {
  const eventId = awaiting.get(key);
  awaiting.delete(key);
  if (eventId !== undefined) keepSnapshot(parts, eventId, jpeg);
}

/** A worker that begins anew counts from one again: what its dead forerunner owed under the number is owed no more. */
function awaitSnapshot(
  awaiting: Map<string, string>,
  key: string,
  eventId: string | undefined,
): void {
  if (eventId === undefined) awaiting.delete(key);
  else awaiting.set(key, eventId);
}

function keepSnapshot({ uplink, logger }: Parts, eventId: string, jpeg: Uint8Array): void {
  try {
    uplink.attachSnapshot(eventId, jpeg);
  } catch (error) {
    logger.error({ eventId, reason: String(error) }, 'snapshot could not be kept');
  }
}

function changeState(
  { states, logger, onChange }: Parts,
  cameraId: string,
  { state, reason, atMs }: Extract<FromWorker, { kind: 'state' }>,
): void {
  states.changed(cameraId, state, reason, atMs);
  logger.info({ cameraId, state, reason }, 'camera state');
  onChange();
}

function warn(
  { states, logger, onChange }: Parts,
  cameraId: string,
  sentences: readonly string[],
): void {
  states.warned(cameraId, sentences);
  for (const reason of sentences) logger.warn({ cameraId, reason }, 'camera warning');
  onChange();
}
