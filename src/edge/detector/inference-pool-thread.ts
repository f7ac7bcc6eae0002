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
  log: (...said) => tell({ kind: 'said', said }),
});
port.on('message', (message: ToPool) => {
  if (message.kind === 'camera') return desk.connect(message.cameraId, message.port);
  clearInterval(ticking);
  void desk.stop().then(() => port.close());
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
