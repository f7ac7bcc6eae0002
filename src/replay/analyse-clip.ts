/** Runs a recorded clip through the same detector and scene as a live camera, as fast as the machine goes. */
import type { CameraRules } from '../contract/rule.ts';
import type { Frame } from '../edge/camera/frame.ts';
import type { Detection } from '../edge/detector/detection.ts';
import { createScene, type Scene } from '../edge/scene/scene.ts';
import { createRecording, type Recording } from './recording.ts';

export type Analysis = Readonly<{
  recording: Recording;
  /** Decoded frames of the source, analysed or not. */
  frames: number;
  analysedFrames: number;
}>;

type Parts = Readonly<{
  /** Only the frames to analyse, in order. */
  frames: AsyncIterable<Frame>;
  detect: (frame: Frame) => Promise<readonly Detection[]>;
  rules: CameraRules;
  progress: (mediaTimeMs: number, analysedFrames: number) => void;
}>;

export async function analyseClip({ frames, detect, rules, progress }: Parts): Promise<Analysis> {
  const recording = createRecording();
  let scene: Scene | undefined;
  let [seen, analysed] = [0, 0];
  for await (const frame of frames) {
    scene ??= createScene({ rules, aspectRatio: frame.sourceWidth / frame.sourceHeight });
    const detections = await detect(frame);
    const { mediaTimeMs } = frame;
    // Media time stands for the wall clock, so that two replays of one clip say the same.
    const capturedAtMs = Math.round(mediaTimeMs);
    recording.add(frame, scene.observe({ detections, mediaTimeMs, capturedAtMs }));
    seen = frame.frameNumber;
    analysed += 1;
    progress(mediaTimeMs, analysed);
  }
  return { recording, frames: seen, analysedFrames: analysed };
}
