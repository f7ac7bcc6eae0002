/**
 * What happens before one camera: detections go in, frame by frame, and events come out.
 * Tracks first, then the persons they belong to, then the rules. Pure: it reads no clock, logs nothing and holds
 * no resources; the times of a sighting are all the time there is.
 */
import type { CameraRules } from '../../contract/rule.ts';
import type { SceneEvent } from '../../contract/rule-event.ts';
import type { Detection } from '../detector/detection.ts';
import { createPersons, createStrangers } from './identity/persons.ts';
import { type BegunPass, createRules, type Rules } from './rules/rules.ts';
import type { Track } from './tracking/track.ts';
import { createTracker } from './tracking/tracker.ts';

/** What the detector saw in one frame. Frames come in order of `mediaTimeMs`. */
export type Sighting = Readonly<{
  detections: readonly Detection[];
  mediaTimeMs: number;
  capturedAtMs: number;
}>;

export type Observation = Readonly<{
  events: readonly SceneEvent[];
  /** Those that were seen in this frame and those that are missing from it for the moment. */
  tracks: readonly SceneTrack[];
  /** Passes at watch points that began in this frame: what somebody looked like then is not to be had later. */
  begunPasses: readonly BegunPass[];
}>;

export type { BegunPass } from './rules/rules.ts';
export type SceneTrack = Track & Readonly<{ personId: number }>;

export type Scene = Readonly<{
  observe: (sighting: Sighting) => Observation;
  /** Takes effect with the next frame; rules that did not change keep what they have seen. */
  applyRules: (rules: CameraRules) => void;
  /** Analysed pictures a second that each rule needs. */
  ruleNeeds: Rules['needs'];
  /** How many tracks, persons, passes and crossings are kept in mind. */
  remembered: () => number;
}>;

export type SceneSettings = Readonly<{
  rules: CameraRules;
  /** Width of the picture divided by its height. */
  aspectRatio: number;
  /** Whether persons are known again when they return (default); otherwise every track is a person of its own. */
  identity?: boolean;
}>;

export function createScene(settings: SceneSettings): Scene {
  const { aspectRatio } = settings;
  const tracker = createTracker({ aspectRatio });
  const persons = settings.identity === false ? createStrangers() : createPersons({ aspectRatio });
  const rules = createRules({ rules: settings.rules, aspectRatio });
  return {
    observe: ({ detections, mediaTimeMs, capturedAtMs }) => {
      const frame = tracker.observe(detections, mediaTimeMs, capturedAtMs);
      persons.observe(frame);
      const events = rules.observe(frame, persons);
      const tracks = frame.tracks.map((track) => ({
        ...track,
        personId: persons.personOf(track.trackId).personId,
      }));
      return { events, tracks, begunPasses: rules.begunPasses() };
    },
    applyRules: (changed) => rules.apply(changed),
    ruleNeeds: rules.needs,
    remembered: () => tracker.remembered() + persons.remembered() + rules.remembered(),
  };
}
