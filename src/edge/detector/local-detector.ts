/** Detection directly in the calling thread, for a replay; it loads the runtime. */
import type { Frame } from '../camera/frame.ts';
import type { Detection } from './detection.ts';
import { detectIn, type LookAreas, wholePicture } from './detector.ts';
import { defaultSession } from './inference-pool.ts';
import { openSession, type SessionSettings } from './inference-session.ts';
import { loadModel, type ModelFacts } from './model-manifest.ts';

export type LocalDetector = Readonly<{
  model: ModelFacts;
  detect: (frame: Frame, areas?: LookAreas) => Promise<readonly Detection[]>;
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
    detect: (frame, areas = wholePicture) =>
      detectIn<never>(frame, areas, model.input, (input) => session.run(input)),
    close: session.release,
  };
}
