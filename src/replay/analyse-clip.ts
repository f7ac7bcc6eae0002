/** Runs a recorded clip through the same detector and scene as a live camera, as fast as the machine goes. */
import type { CameraRules } from '../contract/rule.ts';
import { createScene, type Scene } from '../edge/scene/scene.ts';
import type { Analytics } from './open-analytics.ts';
import { createRecording, type Recording } from './recording.ts';

export type Analysis = Readonly<{
  recording: Recording;
  /** Decoded frames of the source, analysed or not. */
  frames: number;
  analysedFrames: number;
}>;

type Parts = Pick<Analytics, 'frames' | 'detect'> &
  Readonly<{
    rules: CameraRules;
    /** Whether persons who return are known again (default). */
    identity?: boolean;
    progress: (mediaTimeMs: number, analysedFrames: number) => void;
  }>;

/** Rejects with ClipError or ModelError. */
export async function analyseClip({
  frames,
  detect,
  rules,
  identity = true,
  progress,
}: Parts): Promise<Analysis> {
  const recording = createRecording();
  let scene: Scene | undefined;
  let analysedFrames = 0;
  for await (const frame of frames) {
    const aspectRatio = frame.sourceWidth / frame.sourceHeight;
    scene ??= createScene({ rules, aspectRatio, identity });
    const detections = await detect(frame);
    // The clip's own times stand for the wall clock, so that two replays of it say the same.
    const { mediaTimeMs, capturedAtMs } = frame;
    recording.add(frame, scene.observe({ detections, mediaTimeMs, capturedAtMs }));
    analysedFrames += 1;
    progress(mediaTimeMs, analysedFrames);
  }
  return { recording, frames: frames.facts().sourceFrames, analysedFrames };
}
