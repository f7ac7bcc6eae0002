/**
 * All rules of one camera: shown tracked frames, they answer with events. Everything that is remembered about a track is
 * forgotten with it. Changing the rules keeps the memory of those that stayed as they were.
 */
import type { CameraRules } from '../../../contract/rule.ts';
import type { Pass, SceneEvent } from '../../../contract/rule-event.ts';
import type { Point } from '../../../contract/shape.ts';
import type { Persons } from '../identity/person.ts';
import type { TrackedFrame } from '../tracking/track.ts';
import { type Firing, nothing } from './rule-watcher.ts';
import { createRowStore, type FrameOfRows, rowsOfFrame } from './sighting-rows.ts';
import { createSightings, type SeenFrame } from './sightings.ts';
import type { Step } from './step.ts';
import { type WatchedRule, watchRules } from './watched-rule.ts';

/** Analysed pictures a second that a rule needs so that nobody passes unseen. */
type RuleNeed = Readonly<{ ruleId: string; neededPerSecond: number }>;

/** `box` and `startedAtMs` are those that an event tells of this pass later. */
export type BegunPass = Pick<Pass, 'trackId' | 'startedAtMs' | 'box'> &
  Readonly<{ ruleId: string }>;

export type Rules = Readonly<{
  observe: (frame: TrackedFrame, persons: Persons) => readonly SceneEvent[];
  /** The same for stored sightings: a track ends when it has not been seen for `lostMs`. */
  observeRows: (frame: FrameOfRows, lostMs: number, persons: Persons) => readonly SceneEvent[];
  /** Passes at watch points that began in the frame observed last. */
  begunPasses: () => readonly BegunPass[];
  /** From the next frame on; rules that did not change keep what they have seen. */
  apply: (rules: CameraRules) => void;
  /** From each rule's shape and the people seen near it. */
  needs: () => readonly RuleNeed[];
  /** How many tracks and persons all rules together keep in mind. */
  remembered: () => number;
}>;

const noEvents: readonly SceneEvent[] = [];
const noPasses: readonly BegunPass[] = [];

export function createRules(
  settings: Readonly<{ rules: CameraRules; aspectRatio: number }>,
): Rules {
  const { aspectRatio } = settings;
  const sightings = createSightings(aspectRatio);
  const live = createRowStore();
  let watched = watchRules(settings.rules, [], aspectRatio);
  const watch = (
    frame: FrameOfRows,
    seen: SeenFrame,
    endedTrackIds: readonly number[],
    persons: Persons,
  ): readonly SceneEvent[] => {
    let events = noEvents;
    for (const rule of watched) {
      for (const { finding, step } of firingsOf(
        rule,
        seen,
        frame.mediaTimeMs,
        endedTrackIds,
        persons,
      )) {
        const { admits, isInForce } = rule.scope;
        if (!admits(step) || !isInForce(step.capturedAtMs)) continue;
        const trail = sightings.trailOf(step.track.trackId);
        events = [...events, eventOf(rule.ruleId, finding, step, trail)];
      }
    }
    for (const trackId of endedTrackIds) sightings.forget(trackId);
    return events;
  };
  return {
    observe: (frame, persons) => {
      const rows = rowsOfFrame(frame, live);
      return watch(rows, sightings.read(rows, persons), frame.endedTrackIds, persons);
    },
    observeRows: (frame, lostMs, persons) => {
      const seen = sightings.read(frame, persons);
      return watch(frame, seen, sightings.unseenSince(frame.mediaTimeMs - lostMs), persons);
    },
    begunPasses: () => {
      let all = noPasses;
      for (const { ruleId, watcher } of watched) {
        const begun = watcher.begunPasses?.() ?? [];
        if (begun.length > 0) all = [...all, ...begun.map((pass) => ({ ...pass, ruleId }))];
      }
      return all;
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
  { successions, glimpses, count }: SeenFrame,
  nowMs: number,
  endedTrackIds: readonly number[],
  persons: Persons,
): readonly Firing[] {
  let firings = nothing;
  const tell = (more: readonly Firing[]): void => {
    if (more.length > 0) firings = [...firings, ...more];
  };
  for (const { from, to } of successions) watcher.inherit(from, to);
  for (let nth = 0; nth < count; nth += 1) {
    const glimpse = glimpses[nth];
    if (glimpse === undefined || !labels.includes(glimpse.label)) continue;
    heights.take(glimpse);
    tell(watcher.take(glimpse, persons));
  }
  tell(watcher.elapse(nowMs));
  for (const trackId of endedTrackIds) tell(watcher.end(trackId, nowMs, persons));
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
