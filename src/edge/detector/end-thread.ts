/**
 * Ends a thread of the pool by asking. `terminate` while a look is inside the ONNX Runtime aborts the whole process, since
 * the runtime cannot hand its answer to a thread that is going: it is left for those that do not answer at all.
 */
import type { Worker } from 'node:worker_threads';

export const usuallyEndsWithinMs = 5000;

/** The thread must understand `{ kind: 'stop' }`. Resolves when it has ended. */
export async function endThread(worker: Worker, withinMs = usuallyEndsWithinMs): Promise<void> {
  // One that has ended already has no id any more.
  if (worker.threadId === -1) return;
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  worker.postMessage({ kind: 'stop' });
  const impatience = setTimeout(() => void worker.terminate(), withinMs);
  await ended;
  clearTimeout(impatience);
}
