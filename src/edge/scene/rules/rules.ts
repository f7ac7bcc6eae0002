/**
 * All rules of one camera: shown tracked frames, they answer with events. Everything that is remembered about a track is
 * forgotten with it. Changing the rules keeps the memory of those that stayed as they were.
 */
import type { AnyRule, CameraRules } from '../../../contract/rule.ts';
import type { SceneEvent } from '../../../contract/rule-event.ts';
import type { Point } from '../../../contract/shape.ts';
import type { Persons } from '../identity/person.ts';
import type { TrackedFrame } from '../tracking/track.ts';
import type { Firing, RuleWatcher } from './rule-watcher.ts';
import { createSightings } from './sightings.ts';
import type { Step } from './step.ts';
import { createTripwireWatcher } from './tripwire.ts';
import { createWatchPointWatcher } from './watch-point.ts';
import { createZoneWatcher } from './zone.ts';

export type Rules = Readonly<{
  observe: (frame: TrackedFrame, persons: Persons) => readonly SceneEvent[];
  /** From the next frame on; rules that did not change keep what they have seen. */
  apply: (rules: CameraRules) => void;
  /** How many tracks and persons all rules together keep in mind. */
  remembered: () => number;
}>;

type Watched = Readonly<{ rule: AnyRule; text: string; watcher: RuleWatcher }>;

const defaultLabels: readonly string[] = ['person'];

export function createRules(
  settings: Readonly<{ rules: CameraRules; aspectRatio: number }>,
): Rules {
  const { aspectRatio } = settings;
  const sightings = createSightings(aspectRatio);
  let watched = watch(settings.rules, new Map());

  function watch(rules: CameraRules, known: ReadonlyMap<string, Watched>): readonly Watched[] {
    const create = (rule: AnyRule, watcher: () => RuleWatcher): Watched => {
      const text = JSON.stringify(rule);
      const same = known.get(rule.ruleId);
      return same?.text === text ? same : { rule, text, watcher: watcher() };
    };
    return [
      ...(rules.tripwires ?? []).map((rule) =>
        create(rule, () => createTripwireWatcher(rule, aspectRatio)),
      ),
      ...(rules.zones ?? []).map((rule) => create(rule, () => createZoneWatcher(rule))),
      ...(rules.watchPoints ?? []).map((rule) =>
        create(rule, () => createWatchPointWatcher(rule, aspectRatio)),
      ),
    ];
  }
  const toEvents = (rule: AnyRule, firings: readonly Firing[]): readonly SceneEvent[] =>
    firings.flatMap(({ finding, step }) =>
      isInRange(rule, step)
        ? [eventOf(rule, finding, step, sightings.trailOf(step.track.trackId))]
        : [],
    );

  return {
    observe: (frame, persons) => {
      const { successions, steps } = sightings.read(frame, persons);
      const events = watched.flatMap(({ rule, watcher }) => {
        for (const { from, to } of successions) watcher.inherit(from, to);
        const mine = steps.filter(({ track }) =>
          (rule.labels ?? defaultLabels).includes(track.label),
        );
        return toEvents(rule, [
          ...mine.flatMap(watcher.take),
          ...watcher.elapse(frame.mediaTimeMs),
          ...frame.endedTrackIds.flatMap((trackId) => watcher.end(trackId, frame.mediaTimeMs)),
        ]);
      });
      for (const trackId of frame.endedTrackIds) sightings.forget(trackId);
      return events;
    },
    apply: (rules) => {
      watched = watch(rules, new Map(watched.map((entry) => [entry.rule.ruleId, entry])));
    },
    remembered: () =>
      watched.reduce((sum, { watcher }) => sum + watcher.remembered(), sightings.remembered()),
  };
}

function isInRange(rule: AnyRule, { track, boxHeight }: Step): boolean {
  return (
    track.confidence >= (rule.leastConfidence ?? 0) &&
    boxHeight >= (rule.leastBoxHeight ?? 0) &&
    boxHeight <= (rule.mostBoxHeight ?? 1)
  );
}

function eventOf(
  { ruleId }: AnyRule,
  finding: Firing['finding'],
  step: Step,
  trail: readonly Point[],
): SceneEvent {
  const { track, footPoint, mediaTimeMs, capturedAtMs } = step;
  return {
    ...finding,
    ruleId,
    trackId: track.trackId,
    personId: step.person.personId,
    label: track.label,
    confidence: track.confidence,
    box: track.box,
    footPoint: [clamp(footPoint[0]), clamp(footPoint[1])],
    trail: trail.map(([x, y]) => [clamp(x), clamp(y)]),
    mediaTimeMs,
    capturedAtMs: Math.round(capturedAtMs),
  };
}

function clamp(value: number): number {
  return Math.max(0, Math.min(1, value));
}
