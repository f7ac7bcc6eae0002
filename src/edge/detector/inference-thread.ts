/** An inference thread: owns one session, answers one request after the other. Started by the inference pool. */
import { parentPort, workerData } from 'node:worker_threads';
import type { InferenceRequest, ThreadMessage, ThreadStart } from './inference-messages.ts';
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
  port.on('message', ({ requestId, pixels, placement }: InferenceRequest) => {
    const startedMs = performance.now();
    session.run({ pixels, placement }).then(
      (detections) =>
        answer({
          kind: 'detections',
          requestId,
          pixels,
          detections,
          tookMs: performance.now() - startedMs,
        }),
      (error: unknown) => answer({ kind: 'failed', requestId, pixels, reason: reasonOf(error) }),
    );
  });
  answer({ kind: 'ready' });
} catch (error) {
  answer({ kind: 'unusable', reason: reasonOf(error) });
}
