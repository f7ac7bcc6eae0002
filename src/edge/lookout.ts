/**
 * Stands before the detector of one camera: finds motion in each frame and says whether the detector looks at it.
 * Live and replay use the same one.
 */
import type { CameraRules } from '../contract/rule.ts';
import type { Box } from '../contract/shape.ts';
import type { Frame } from './camera/frame.ts';
import { lumaGrid } from './detector/luma-grid.ts';
import { createMotionGate } from './detector/motion-gate.ts';
import { createLookPlanner } from './look-planner.ts';
import { createAttention } from './scene/attention.ts';
import type { SceneTrack } from './scene/scene.ts';

export type Lookout = Readonly<{
  wantsLook: (frame: Frame) => boolean;
  /** Told after each look what the scene follows now. */
  looked: (tracks: readonly SceneTrack[], mediaTimeMs: number) => void;
  applyRules: (rules: CameraRules) => void;
  /** The picture is another one from now on: what moves in it is learned anew. */
  forgetPicture: () => void;
}>;

/**
 * `adaptive`: whatever moves and is not a known track, and known tracks as soon as the scene wants it. `moving`: every
 * frame while something moves or is followed. `every`: every frame.
 */
type Looks = 'adaptive' | 'moving' | 'every';

type LookoutSettings = Readonly<{ rules: CameraRules; aspectRatio: number; looks?: Looks }>;

export function createLookout(settings: LookoutSettings): Lookout {
  const { looks = 'adaptive' } = settings;
  let gate = createMotionGate();
  const planner = createLookPlanner();
  const attention = createAttention(settings);
  let trackBoxes: readonly Box[] = [];
  let dueWithinMs = 0;
  return {
    wantsLook: (frame) => {
      if (looks === 'every') return true;
      const { mediaTimeMs } = frame;
      const motion = gate.observe(lumaGrid(frame), mediaTimeMs);
      if (looks === 'moving' && (motion.isMoving || trackBoxes.length > 0)) return true;
      return planner.wantsLook({ mediaTimeMs, motion, trackBoxes, dueWithinMs });
    },
    looked: (tracks, mediaTimeMs) => {
      trackBoxes = tracks.map(({ box }) => box);
      dueWithinMs = attention.dueWithinMs(tracks, mediaTimeMs);
    },
    applyRules: attention.applyRules,
    forgetPicture: () => {
      gate = createMotionGate();
    },
  };
}
