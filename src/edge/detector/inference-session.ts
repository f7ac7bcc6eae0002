/**
 * One ONNX session with its decoder: input pixels -> detections in fractions of the frame.
 * `run` blocks the thread that calls it for the whole inference; cameras never run in the same thread.
 */
import './silent-runtime.ts';
import { InferenceSession } from 'onnxruntime-node';
import { createDescriber, leastDescribedConfidence } from './appearance.ts';
import { decodeDetr } from './decode-detr.ts';
import { decodeNanodet } from './decode-nanodet.ts';
import { decodeYolov8, decodeYolox } from './decode-yolo.ts';
import type { Detection } from './detection.ts';
import { assertProvider, providerFailed } from './execution-provider.ts';
import { backToFrame, type Placement } from './fit-to-model.ts';
import { inputTensor } from './input-tensor.ts';
import { ModelError, type ModelFacts } from './model-manifest.ts';
import type { ExecutionProvider } from './provider-names.ts';
import type { Decode, RawOutputs } from './raw-detection.ts';
import { suppress } from './suppression.ts';

const decoders: Readonly<Record<ModelFacts['family'], Decode>> = {
  nanodet: decodeNanodet,
  yolox: decodeYolox,
  yolov8: decodeYolov8,
  detr: decodeDetr,
};
const largestOverlap = 0.6;

type Request = Readonly<{ pixels: Uint8Array; placement: Placement }>;
export type SessionSettings = Readonly<{
  leastConfidence: number;
  labels: readonly string[];
  /** `cpu` unless told. */
  provider?: ExecutionProvider;
}>;
export type DetectorSession = Readonly<{
  run: (request: Request) => Promise<readonly Detection[]>;
  release: () => Promise<void>;
}>;

/** Throws ModelError when the file is no model that the runtime can load, or when it has no such provider. */
export async function openSession(
  model: ModelFacts,
  settings: SessionSettings,
): Promise<DetectorSession> {
  const session = await load(model.modelPath, settings.provider ?? 'cpu');
  const decode = decoders[model.family];
  const wanted = model.classes.flatMap((name, index) =>
    settings.labels.includes(name) ? [index] : [],
  );
  const { width, height } = model.input;
  const [inputName = 'picture'] = session.inputNames;
  return {
    run: async ({ pixels, placement }) => {
      const input = { [inputName]: inputTensor(pixels, model.input) };
      const outputs = (await session.run(input)) as unknown as RawOutputs;
      const raw = decode(outputs, {
        width,
        height,
        leastConfidence: settings.leastConfidence,
        wanted,
      });
      const describe = createDescriber({ pixels, width, height }, outputs['features']);
      return suppress(raw, largestOverlap).flatMap(({ box, classIndex, confidence }) => {
        const inFrame = backToFrame(box, placement);
        const label = model.classes[classIndex];
        if (inFrame === undefined || label === undefined) return [];
        const seen = { box: inFrame, label, confidence };
        if (confidence < leastDescribedConfidence) return [seen];
        return [{ ...seen, appearance: describe(box) }];
      });
    },
    release: () => session.release(),
  };
}

async function load(modelPath: string, provider: ExecutionProvider): Promise<InferenceSession> {
  assertProvider(provider);
  try {
    return await InferenceSession.create(modelPath, {
      executionProviders: [provider],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    });
  } catch (cause) {
    if (provider !== 'cpu') throw providerFailed(provider, cause);
    throw new ModelError(
      'model-unusable',
      `${modelPath} cannot be loaded by ONNX Runtime; name another model in detector.manifest (${firstLine(cause)})`,
      cause,
    );
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
