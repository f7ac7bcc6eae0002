/**
 * Answers the centre's question what a rule would have done, in a thread of its own so that no event waits for it. One
 * question at a time; a few wait, more are told that the box is busy. A thread that hangs is ended.
 */

import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { because } from '../contract/reason.ts';
import { rulesOf } from '../contract/rule.ts';
import type { ReplayRule, RuleReplay, RuleReplayed } from '../contract/rule-replay.ts';
import type { ReplayOrder } from './track-log/stored-replay.ts';

const mostWaiting = 4;
const patienceMs = 20_000;
const mostHeapMb = 512;
const mostReasonLength = 300;

export type ReplayDesk = Readonly<{
  take: (command: ReplayRule) => void;
  /** Ends the thread that is at work; what waited is not answered. */
  stop: () => Promise<void>;
}>;

type Parts = Readonly<{
  edgeId: string;
  /** Of the track log. */
  folder: string;
  cameraIds: readonly string[];
  answer: (answer: RuleReplayed) => void;
  logger: Logger;
  now: () => number;
}>;

export function createReplayDesk(parts: Parts): ReplayDesk {
  const { edgeId, folder, cameraIds, logger, now } = parts;
  let waiting: readonly ReplayRule[] = [];
  let worker: Worker | undefined;
  let stopped = false;
  const answer = ({ requestId }: ReplayRule, outcome: RuleReplayed['outcome']): void =>
    parts.answer({ edgeId, requestId, outcome });

  const work = async (command: ReplayRule): Promise<void> => {
    const { cameraId, rule } = command;
    const order: ReplayOrder = { folder, cameraId, rules: rulesOf(rule), nowMs: now() };
    try {
      worker = startWorker(order);
      answer(command, { kind: 'replayed', replay: await answerOf(worker) });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      logger.error({ cameraId, reason }, 'a rule could not be replayed');
      answer(command, { kind: 'failed', reason: reason.slice(0, mostReasonLength) });
    }
    worker = undefined;
    const [next, ...others] = waiting;
    waiting = others;
    if (next !== undefined && !stopped) await work(next);
  };

  return {
    take: (command) => {
      if (!cameraIds.includes(command.cameraId))
        answer(command, {
          kind: 'failed',
          reason: because('edge-no-camera', { cameraId: command.cameraId }),
        });
      else if (worker === undefined) void work(command);
      else if (waiting.length < mostWaiting) waiting = [...waiting, command];
      else answer(command, { kind: 'busy' });
    },
    stop: async () => {
      stopped = true;
      waiting = [];
      await worker?.terminate();
    },
  };
}

function startWorker(order: ReplayOrder): Worker {
  return new Worker(new URL('replay-worker.ts', import.meta.url), {
    name: 'replay',
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: mostHeapMb },
  });
}

/** Rejects when the thread fails, ends without a word, or takes too long. */
function answerOf(worker: Worker): Promise<RuleReplay> {
  return new Promise((resolve, reject) => {
    const impatience = setTimeout(() => {
      reject(new Error(`no answer within ${patienceMs / 1000} s`));
      void worker.terminate();
    }, patienceMs);
    worker.once('message', (replay: RuleReplay) => resolve(replay));
    worker.once('error', reject);
    worker.once('exit', () => {
      clearTimeout(impatience);
      reject(new Error('the thread ended without an answer'));
    });
  });
}
