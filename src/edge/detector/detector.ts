/** Detection for one camera, through the box's inference pool. Loaded by every camera worker: the runtime is not. */
import type { MessagePort } from 'node:worker_threads';
import type { Box } from '../../contract/shape.ts';
import type { Frame } from '../camera/frame.ts';
import type { Detection } from './detection.ts';
import { cropToModel, fitToModel, type Placement, placementOf } from './fit-to-model.ts';
import type { InferenceAnswer, InferenceRequest } from './inference-messages.ts';
import { type Look, mergeLooks } from './merge-looks.ts';
import type { ModelFacts } from './model-manifest.ts';

/** What is looked at of a frame: the whole of it, shrunk, and parts of the model's shape, in shares of the picture. */
export type LookAreas = Readonly<{ whole: boolean; crops: readonly Box[] }>;

export const wholePicture: LookAreas = { whole: true, crops: [] };

/** `superseded`: a newer frame was handed in before this one had its turn. `failed`: the log says why. */
export type NotSeen = 'superseded' | 'failed';

export type Detector = Readonly<{
  /** Never rejects for a fault of the inference: the next frame may be seen again. */
  detect: (
    frame: Frame,
    areas?: LookAreas,
    isUrgent?: boolean,
  ) => Promise<readonly Detection[] | NotSeen>;
  close: () => void;
}>;

/** `port` comes from the pool's `connect`, `model` from its `start`. */
export function createDetector({
  port,
  model,
  onInference,
  onLost,
  patienceMs = longestPatienceMs,
}: Readonly<{
  port: MessagePort;
  model: ModelFacts;
  /** Told how long the thread was busy with one of our frames. */
  onInference?: (tookMs: number) => void;
  /** An answer never came, which is nobody's intention; or the pool is gone and nothing can be asked any more. */
  onLost?: (what: 'answer' | 'pool') => void;
  /** How long an answer is waited for. */
  patienceMs?: number;
}>): Detector {
  const waiting = new Map<number, (answer: readonly Detection[] | NotSeen) => void>();
  let closed = false;
  // At most one waits and one is looked at: what has come back serves the next.
  const spare: Uint8Array[] = [];
  let requests = 0;
  port.on('message', (answer: InferenceAnswer) => {
    const answerTo = waiting.get(answer.requestId);
    waiting.delete(answer.requestId);
    if (answer.pixels !== undefined) spare.push(answer.pixels);
    if (answer.kind === 'detections') {
      onInference?.(answer.tookMs);
      answerTo?.(answer.detections);
    } else answerTo?.(answer.kind);
  });
  port.once('close', () => {
    if (!closed) onLost?.('pool');
  });
  const ask = (
    { pixels, placement }: Input,
    isUrgent: boolean,
  ): Promise<readonly Detection[] | NotSeen> => {
    requests += 1;
    const requestId = requests;
    // sharp's memory belongs to libvips and cannot be handed to another thread: a buffer of our own can.
    const own = copyInto(spare.pop(), pixels);
    const request: InferenceRequest = { requestId, pixels: own, placement, isUrgent };
    return new Promise((resolve) => {
      const impatience = setTimeout(() => {
        waiting.delete(requestId);
        onLost?.('answer');
        resolve('failed');
      }, patienceMs).unref();
      waiting.set(requestId, (answer) => {
        clearTimeout(impatience);
        resolve(answer);
      });
      port.postMessage(request, [request.pixels.buffer as ArrayBuffer]);
    });
  };
  return {
    detect: (frame, areas = wholePicture, isUrgent = false) =>
      detectIn(frame, areas, model.input, (input) => ask(input, isUrgent)),
    close: () => {
      closed = true;
      port.close();
    },
  };
}

/** Longer than the pool takes to give up a thread that hangs, and than any queue that still moves. */
const longestPatienceMs = 60_000;

function copyInto(spare: Uint8Array | undefined, pixels: Uint8Array): Uint8Array {
  if (spare?.length !== pixels.length) return new Uint8Array(pixels);
  spare.set(pixels);
  return spare;
}

type Input = Readonly<{ pixels: Uint8Array; placement: Placement }>;

/** One area after the other: the pool keeps one request of a camera, and other cameras have their turns between. */
export async function detectIn<Ended>(
  frame: Frame,
  areas: LookAreas,
  input: ModelFacts['input'],
  ask: (one: Input) => Promise<readonly Detection[] | Ended>,
): Promise<readonly Detection[] | Ended> {
  const looks: Look[] = [];
  if (areas.whole) {
    const pixels = await fitToModel(frame, input);
    const detections = await ask({ pixels, placement: placementOf(frame, input) });
    if (!isFound(detections) || areas.crops.length === 0) return detections;
    looks.push({ area: everything, detections });
  }
  for (const crop of areas.crops) {
    const { pixels, area } = await cropToModel(frame, crop, input);
    const detections = await ask({ pixels, placement: everywhere });
    if (!isFound(detections)) return detections;
    looks.push({ area, detections });
  }
  return mergeLooks(looks);
}

const everything: Box = { left: 0, top: 0, right: 1, bottom: 1 };
const everywhere: Placement = { left: 0, top: 0, width: 1, height: 1 };

function isFound<Ended>(answer: readonly Detection[] | Ended): answer is readonly Detection[] {
  return Array.isArray(answer);
}
