/**
 * Ends a thread of the pool by asking, and in no other way: `terminate`, as well as `process.exit`, while a look or the
 * loading of a model is inside the ONNX Runtime aborts the whole process when the runtime comes back, since it cannot hand
 * its answer to a thread that is going, and waits for ever when it does not (measured with 1.30: every time). What does not
 * end is left alone; whoever owns the process must end that, by a signal that nothing can hold up.
 */
import type { Worker } from 'node:worker_threads';

const usuallyEndsWithinMs = 5000;

/** The thread must understand `{ kind: 'stop' }`. Resolves when it has ended, or with false when the time is over. */
export async function endThread(worker: Worker, withinMs = usuallyEndsWithinMs): Promise<boolean> {
  // One that has ended already has no id any more.
  if (worker.threadId === -1) return true;
  return new Promise((resolve) => {
    const impatience = setTimeout(() => resolve(false), withinMs);
    worker.once('exit', () => {
      clearTimeout(impatience);
      resolve(true);
    });
    worker.postMessage({ kind: 'stop' });
  });
}
