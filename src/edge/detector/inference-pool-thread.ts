/**
 * The pool's own thread: cameras ask here and not in the main thread, which may stand still for seconds while a slow disk
 * takes an event. Started by the inference pool.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { createInferenceDesk } from './inference-desk.ts';
import type { FromPool, PoolStart, ToPool } from './inference-messages.ts';

const port = parentPort;
if (port === null) throw new Error('the inference pool runs in a worker thread only');
const tickMs = 1000;
const tell = (message: FromPool): void => port.postMessage(message);

const desk = createInferenceDesk({
  ...(workerData as PoolStart),
  onStuck: (reason) => tell({ kind: 'stuck', reason }),
  log: (...said) => tell({ kind: 'said', said }),
});
/** It takes its threads with it by force: should they not end, it does not either. */
const stop = (): void => {
  clearInterval(ticking);
  void desk.stop().then((isWhole) => (isWhole ? process.exit() : port.close()));
};
port.on('message', (message: ToPool) => {
  if (message.kind === 'camera') desk.connect(message.cameraId, message.port);
  else stop();
});
// A thread that dies at once takes its own threads with it by force, and the process when one is at a look.
process.on('uncaughtException', ({ message: reason }) => {
  tell({ kind: 'said', said: ['error', 'inference pool failed', { reason }] });
  stop();
});
const ticking = setInterval(() => {
  desk.tick();
  tell({ kind: 'figures', figures: desk.figures() });
}, tickMs);

try {
  await desk.start();
  tell({ kind: 'ready' });
} catch (error) {
  tell({ kind: 'unusable', reason: error instanceof Error ? error.message : String(error) });
}
