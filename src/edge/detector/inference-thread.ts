/** An inference thread: owns one session, answers one request after the other. Started by the inference pool. */
import { parentPort, workerData } from 'node:worker_threads';
import type {
  InferenceRequest,
  ThreadMessage,
  ThreadStart,
  ToThread,
} from './inference-messages.ts';
import { openSession } from './inference-session.ts';

const port = parentPort;
if (port === null) throw new Error('an inference thread runs in a worker thread only');
const { model, settings } = workerData as ThreadStart;
const answer = (message: ThreadMessage): void =>
  port.postMessage(message, 'pixels' in message ? [message.pixels?.buffer as ArrayBuffer] : []);
const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

try {
  const session = await openSession(model, settings);
  let working: Promise<void> = Promise.resolve();
  const look = async ({ requestId, pixels, placement }: InferenceRequest): Promise<void> => {
    const startedMs = performance.now();
    try {
      const detections = await session.run({ pixels, placement });
      const tookMs = performance.now() - startedMs;
      answer({ kind: 'detections', requestId, pixels, detections, tookMs });
    } catch (error) {
      answer({ kind: 'failed', requestId, pixels, reason: reasonOf(error) });
    }
  };
  const stop = async (): Promise<void> => {
    await working;
    await session.release();
    port.close();
  };
  port.on('message', (message: ToThread) => {
    if (message.kind === 'stop') void stop();
    else working = look(message.request);
  });
  answer({ kind: 'ready' });
} catch (error) {
  answer({ kind: 'unusable', reason: reasonOf(error) });
}
