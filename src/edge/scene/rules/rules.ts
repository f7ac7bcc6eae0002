/**
 * All rules of one camera: shown tracked frames, they answer with events. Everything that is remembered about a track is
 * forgotten with it. Changing the rules keeps the memory of those that stayed as they were.
 */
import type { CameraRules } from '../../../contract/rule.ts';
import type { SceneEvent } from '../../../contract/rule-event.ts';
import type { Point } from '../../../contract/shape.ts';
import type { Persons } from '../identity/person.ts';
import type { TrackedFrame } from '../tracking/track.ts';
import type { Firing } from './rule-watcher.ts';
import { createSightings, type SeenFrame } from './sightings.ts';
import type { Step } from './step.ts';
import { type WatchedRule, watchRules } from './watched-rule.ts';

/** Analysed pictures a second that a rule needs so that nobody passes unseen. */
type RuleNeed = Readonly<{ ruleId: string; neededPerSecond: number }>;

export type Rules = Readonly<{
  observe: (frame: TrackedFrame, persons: Persons) => readonly SceneEvent[];
  /** From the next frame on; rules that did not change keep what they have seen. */
  apply: (rules: CameraRules) => void;
  /** From each rule's shape and the people seen near it. */
  needs: () => readonly RuleNeed[];
  /** How many tracks and persons all rules together keep in mind. */
  remembered: () => number;
}>;

export function createRules(
  settings: Readonly<{ rules: CameraRules; aspectRatio: number }>,
): Rules {
  const { aspectRatio } = settings;
  const sightings = createSightings(aspectRatio);
  let watched = watchRules(settings.rules, [], aspectRatio);
  return {
    observe: (frame, persons) => {
      const seen = sightings.read(frame, persons);
      let events: readonly SceneEvent[] = [];
      for (const rule of watched) {
        for (const { finding, step } of firingsOf(rule, seen, frame, persons)) {
          const { admits, isInForce } = rule.scope;
          if (!admits(step) || !isInForce(step.capturedAtMs)) continue;
          const trail = sightings.trailOf(step.track.trackId);
          events = [...events, eventOf(rule.ruleId, finding, step, trail)];
        }
      }
      for (const trackId of frame.endedTrackIds) sightings.forget(trackId);
      return events;
    },
    apply: (rules) => {
      watched = watchRules(rules, watched, aspectRatio);
    },
    needs: () =>
      watched.map(({ ruleId, heights, neededFor }) => ({
        ruleId,
        neededPerSecond: neededFor(heights.typical()),
      })),
    remembered: () =>
      watched.reduce((sum, { watcher }) => sum + watcher.remembered(), sightings.remembered()),
  };
}

function firingsOf(
  { labels, watcher, heights }: WatchedRule,
  { successions, steps }: SeenFrame,
  frame: TrackedFrame,
  persons: Persons,
): readonly Firing[] {
  const firings: Firing[] = [];
  for (const { from, to } of successions) watcher.inherit(from, to);
  for (const step of steps) {
    if (!labels.includes(step.track.label)) continue;
    heights.take(step);
    firings.push(...watcher.take(step, persons));
  }
  firings.push(...watcher.elapse(frame.mediaTimeMs));
  for (const trackId of frame.endedTrackIds)
    firings.push(...watcher.end(trackId, frame.mediaTimeMs, persons));
  return firings;
}

function eventOf(
  ruleId: string,
  finding: Firing['finding'],
  step: Step,
  trail: readonly Point[],
): SceneEvent {
  const { track, box, footPoint, mediaTimeMs, capturedAtMs } = step;
  return {
    ...finding,
    ruleId,
    trackId: track.trackId,
    personId: step.person.personId,
    label: track.label,
    confidence: track.confidence,
    box,
    footPoint: withinPicture(footPoint),
    trail: trail.map(withinPicture),
    mediaTimeMs,
    capturedAtMs: Math.round(capturedAtMs),
  };
}

/** Most points are, and are taken as they stand. */
function withinPicture(point: Point): [x: number, y: number] {
  const [x, y] = point;
  const isWithin = x >= 0 && x <= 1 && y >= 0 && y <= 1;
  return isWithin ? (point as [number, number]) : [clamp(x), clamp(y)];
}

function clamp(value: number): number {
  return Math.max(0, Math.min(1, value));
}
