/**
 * Stands before the detector of one camera: finds motion in each frame and says whether the detector looks at it.
 * Live and replay use the same one.
 */
import type { CameraRules } from '../contract/rule.ts';
import type { Box } from '../contract/shape.ts';
import type { Frame } from './camera/frame.ts';
import type { Detection } from './detector/detection.ts';
import type { LookAreas } from './detector/detector.ts';
import { type LumaGrid, lumaGrid } from './detector/luma-grid.ts';
import { createMotionGate, type Motion } from './detector/motion-gate.ts';
import { createLookPlanner } from './look-planner.ts';
import {
  createRegionPlanner,
  type Followed,
  type RegionPlanner,
  type RegionSettings,
} from './region-planner.ts';
import { createAttention } from './scene/attention.ts';
import type { SceneTrack } from './scene/scene.ts';

export type Lookout = Readonly<{
  wantsLook: (frame: Frame) => boolean;
  /** What the look at the frame that was just asked about takes in. */
  areas: (frame: Frame) => LookAreas;
  /** Where it knows of something in the frame that was just asked about: what moves, and who is followed. */
  attended: () => readonly Box[];
  /** Somebody is followed and something is about to be decided: see `attention.ts`. */
  isUrgent: () => boolean;
  /** Told after each look what the scene follows now, and what the look has found. */
  looked: (
    tracks: readonly SceneTrack[],
    mediaTimeMs: number,
    detections?: readonly Detection[],
  ) => void;
  applyRules: (rules: CameraRules) => void;
  /** The picture is another one from now on: what moves in it is learned anew. */
  forgetPicture: () => void;
}>;

/**
 * `adaptive`: whatever moves and is not a known track, and known tracks as soon as the scene wants it. `moving`: every
 * frame while something moves or is followed. `every`: every frame.
 */
export type Looks = 'adaptive' | 'moving' | 'every';

/** What is less sure is often nobody. */
const likely = 0.3;

type LookoutSettings = Readonly<{
  rules: CameraRules;
  aspectRatio: number;
  looks?: Looks;
  /** Without it the whole picture is looked at and nothing closely. */
  closely?: RegionSettings | undefined;
}>;

export function createLookout(settings: LookoutSettings): Lookout {
  const { looks = 'adaptive', closely } = settings;
  let regions: SizedPlanner | undefined;
  let gate = createMotionGate();
  let grid: LumaGrid | undefined;
  const planner = createLookPlanner();
  const attention = createAttention(settings);
  let trackBoxes: readonly Box[] = [];
  let dueWithinMs = 0;
  let motion: Motion = { isMoving: true, regions: [] };
  let followed: readonly Followed[] = [];
  /** Nothing but the sweep asked for the look: there is nobody whom the whole picture would have to show. */
  let sweepsOnly = false;

  const wants = ({ mediaTimeMs }: Frame): boolean => {
    if (looks === 'every') return true;
    if (looks === 'moving' && (motion.isMoving || trackBoxes.length > 0)) return true;
    return planner.wantsLook({ mediaTimeMs, motion, trackBoxes, dueWithinMs });
  };
  return {
    wantsLook: (frame) => {
      regions = closely === undefined ? undefined : plannerFor(frame, closely, regions);
      if (looks !== 'every' || regions !== undefined) {
        grid = lumaGrid(frame, grid);
        motion = gate.observe(grid, frame.mediaTimeMs);
      }
      const isWanted = wants(frame);
      const isSweepDue = regions?.planner.isSweepDue(frame.mediaTimeMs) === true;
      sweepsOnly = !isWanted && isSweepDue && trackBoxes.length === 0;
      return isWanted || sweepsOnly;
    },
    areas: ({ mediaTimeMs }) => {
      const isLearning = motion.isLearning === true;
      const moving = isLearning ? [] : motion.regions;
      const situation = { mediaTimeMs, motion: moving, followed, isLearning };
      const crops = regions?.planner.plan(situation) ?? [];
      return { whole: !sweepsOnly || crops.length === 0, crops };
    },
    attended: () => [...motion.regions, ...trackBoxes],
    isUrgent: () => trackBoxes.length > 0 && dueWithinMs === 0,
    looked: (tracks, mediaTimeMs, detections = []) => {
      followed = tracks.map((track) => ({
        box: track.box,
        isNearRule: attention.isNearRule(track),
      }));
      // No motion brings a second look at somebody new yet, and without one nobody follows him.
      if (motion.isLearning === true)
        followed = [
          ...followed,
          ...likelyPeople(detections).map((box) => ({ box, isNearRule: false })),
        ];
      trackBoxes = tracks.map(({ box }) => box);
      dueWithinMs = attention.dueWithinMs(tracks, mediaTimeMs);
    },
    applyRules: attention.applyRules,
    forgetPicture: () => {
      gate = createMotionGate();
    },
  };
}

function likelyPeople(detections: readonly Detection[]): readonly Box[] {
  return detections
    .filter(({ label, confidence }) => label === 'person' && confidence >= likely)
    .map(({ box }) => box);
}

type SizedPlanner = Readonly<{ planner: RegionPlanner; width: number; height: number }>;

/** The one there is, unless the picture has another size; none for a picture that the model sees well as a whole. */
function plannerFor(
  { width, height, sourceWidth }: Frame,
  closely: RegionSettings,
  known: SizedPlanner | undefined,
): SizedPlanner | undefined {
  if (known?.width === width && known.height === height) return known;
  if (width < closely.leastWidth) return undefined;
  return { planner: createRegionPlanner({ width, height, sourceWidth }, closely), width, height };
}
