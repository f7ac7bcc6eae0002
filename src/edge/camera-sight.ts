/**
 * What a camera's worker knows of the street: scene, lookout and the log of its tracks. All three begin anew when the picture
 * gets another shape, for then every place in it is another place.
 */
import type { CameraRules } from '../contract/rule.ts';
import type { Frame } from './camera/frame.ts';
import type { ModelFacts } from './detector/model-manifest.ts';
import type { EdgeCamera } from './edge-config.ts';
import { closelyFor } from './look-closely.ts';
import { createLookout, type Lookout } from './lookout.ts';
import { createScene, type Observation, type Scene, type Sighting } from './scene/scene.ts';
import { createTrackRecorder, type TrackRecorder } from './track-log/track-recorder.ts';

type Sight = Readonly<{ aspectRatio: number; sinceMs: number; scene: Scene; lookout: Lookout }>;

export type CameraSight = Readonly<{
  /** Told of each picture before anything else is asked. */
  picture: (frame: Frame) => void;
  /** Undefined before the first picture. */
  current: () => Sight | undefined;
  lookout: () => Lookout;
  observe: (sighting: Sighting) => Observation;
  applyRules: () => void;
  /** Hands on what the log of tracks has gathered. */
  flush: () => void;
}>;

type Parts = Readonly<{
  camera: EdgeCamera;
  model: ModelFacts;
  rules: () => CameraRules;
  onTracks: (batch: Uint8Array) => void;
  /** Called when the numbers of tracks and persons begin anew. */
  onNewPicture: () => void;
}>;

export function createCameraSight(parts: Parts): CameraSight {
  let sight: Sight | undefined;
  let recorder: TrackRecorder | undefined;
  const present = (): Sight => {
    if (sight === undefined) throw new Error('a frame was taken before its size was known');
    return sight;
  };
  return {
    picture: (frame) => {
      const aspectRatio = frame.sourceWidth / frame.sourceHeight;
      if (sight !== undefined && Math.abs(aspectRatio - sight.aspectRatio) <= 0.01) return;
      recorder?.flush();
      recorder = createTrackRecorder({ runId: Date.now(), aspectRatio }, parts.onTracks);
      parts.onNewPicture();
      sight = beginSight(parts, aspectRatio, frame.capturedAtMs);
    },
    current: () => sight,
    lookout: () => present().lookout,
    observe: (sighting) => {
      const observation = present().scene.observe(sighting);
      recorder?.take(sighting, observation.tracks);
      return observation;
    },
    applyRules: () => {
      sight?.scene.applyRules(parts.rules());
      sight?.lookout.applyRules(parts.rules());
    },
    flush: () => recorder?.flush(),
  };
}

function beginSight(parts: Parts, aspectRatio: number, sinceMs: number): Sight {
  const settings = { rules: parts.rules(), aspectRatio };
  const { identity = true, looks = 'adaptive' } = parts.camera;
  const closely = closelyFor(parts.camera, parts.model.input);
  return {
    aspectRatio,
    sinceMs,
    scene: createScene({ ...settings, identity }),
    lookout: createLookout({ ...settings, looks, closely }),
  };
}
