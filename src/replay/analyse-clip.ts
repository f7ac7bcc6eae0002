/** Runs a recorded clip through the same detector and scene as a live camera, as fast as the machine goes. */
import type { CameraRules } from '../contract/rule.ts';
import type { Box } from '../contract/shape.ts';
import type { Frame } from '../edge/camera/frame.ts';
import { createLookout, type Lookout, type Looks } from '../edge/lookout.ts';
import { createScene, type Scene } from '../edge/scene/scene.ts';
import type { Analytics } from './open-analytics.ts';
import { createRecording, type Recording } from './recording.ts';

export type Analysis = Readonly<{
  recording: Recording;
  /** Decoded frames of the source, analysed or not. */
  frames: number;
  analysedFrames: number;
  /** Those that the detector looked at. */
  looks: number;
}>;

type Parts = Pick<Analytics, 'frames' | 'detect'> &
  Readonly<{
    rules: CameraRules;
    /** Whether persons who return are known again (default). */
    identity?: boolean;
    /** Which of the frames are looked at, as a camera of a box would; all of them unless told. */
    looks?: Looks;
    /** Told of each frame what the lookout knows of in it, before any look. */
    onAttended?: (frame: Frame, places: readonly Box[]) => void;
    progress: (mediaTimeMs: number, analysedFrames: number) => void;
  }>;

/** Rejects with ClipError or ModelError. */
export async function analyseClip({
  frames,
  detect,
  rules,
  identity = true,
  looks: wanted = 'every',
  onAttended,
  progress,
}: Parts): Promise<Analysis> {
  const recording = createRecording();
  let scene: Scene | undefined;
  let analysedFrames = 0;
  let lookout: Lookout | undefined;
  let looks = 0;
  for await (const frame of frames) {
    const aspectRatio = frame.sourceWidth / frame.sourceHeight;
    scene ??= createScene({ rules, aspectRatio, identity });
    lookout ??= createLookout({ rules, aspectRatio, looks: wanted });
    const wantsLook = lookout.wantsLook(frame);
    if (wanted !== 'every') onAttended?.(frame, lookout.attended());
    analysedFrames += 1;
    if (!wantsLook) {
      recording.skip(frame);
      continue;
    }
    looks += 1;
    const detections = await detect(frame);
    // The clip's own times stand for the wall clock, so that two replays of it say the same.
    const { mediaTimeMs, capturedAtMs } = frame;
    const observation = scene.observe({ detections, mediaTimeMs, capturedAtMs });
    recording.add(frame, observation);
    lookout.looked(observation.tracks, mediaTimeMs, detections);
    progress(mediaTimeMs, analysedFrames);
  }
  return { recording, frames: frames.facts().sourceFrames, analysedFrames, looks };
}
