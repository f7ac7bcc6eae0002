/** Detection for one camera: through the box's inference pool, or directly in this thread for a replay. */
import type { MessagePort } from 'node:worker_threads';
import type { Frame } from '../camera/frame.ts';
import type { Detection } from './detection.ts';
import { fitToModel, placementOf } from './fit-to-model.ts';
import type { InferenceAnswer, InferenceRequest } from './inference-messages.ts';
import { defaultSession } from './inference-pool.ts';
import { openSession, type SessionSettings } from './inference-session.ts';
import { loadModel, type ModelFacts } from './model-manifest.ts';

export type Detector = Readonly<{
  /** `superseded` when a newer frame was handed in before this one had its turn. Rejects when inference failed. */
  detect: (frame: Frame) => Promise<readonly Detection[] | 'superseded'>;
  close: () => void;
}>;

type Waiting = Readonly<{
  resolve: (value: readonly Detection[] | 'superseded') => void;
  reject: (error: Error) => void;
}>;

/** `port` comes from the pool's `connect`, `model` from its `start`. */
export function createDetector({
  port,
  model,
  onInference,
}: Readonly<{
  port: MessagePort;
  model: ModelFacts;
  /** Told how long the thread was busy with one of our frames. */
  onInference?: (tookMs: number) => void;
}>): Detector {
  const waiting = new Map<number, Waiting>();
  let requests = 0;
  port.on('message', (answer: InferenceAnswer) => {
    const request = waiting.get(answer.requestId);
    waiting.delete(answer.requestId);
    if (answer.kind === 'detections') {
      onInference?.(answer.tookMs);
      request?.resolve(answer.detections);
    } else if (answer.kind === 'superseded') request?.resolve('superseded');
    else request?.reject(new Error(answer.reason));
  });
  return {
    detect: async (frame) => {
      // sharp's memory belongs to libvips and cannot be handed to another thread: a buffer of our own can.
      const pixels = new Uint8Array(await fitToModel(frame, model.input));
      requests += 1;
      const requestId = requests;
      const request: InferenceRequest = {
        requestId,
        pixels,
        placement: placementOf(frame, model.input),
      };
      return new Promise((resolve, reject) => {
        waiting.set(requestId, { resolve, reject });
        port.postMessage(request, [pixels.buffer]);
      });
    },
    close: () => port.close(),
  };
}

export type LocalDetector = Readonly<{
  model: ModelFacts;
  detect: (frame: Frame) => Promise<readonly Detection[]>;
  close: () => Promise<void>;
}>;

/** Runs in the calling thread, one frame after the other; the same frames give the same detections. Rejects with ModelError. */
export async function createLocalDetector(
  manifestPath: string,
  settings: Partial<SessionSettings> = {},
): Promise<LocalDetector> {
  const model = loadModel(manifestPath);
  const session = await openSession(model, { ...defaultSession, ...settings });
  return {
    model,
    detect: async (frame) => {
      const pixels = await fitToModel(frame, model.input);
      return session.run({ pixels, placement: placementOf(frame, model.input) });
    },
    close: session.release,
  };
}
