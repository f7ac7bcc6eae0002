/**
 * The rules of one camera as they run in its worker: what came last, unless the picture has another shape than the one they
 * were drawn on.
 */
import type { AnyRule, CameraRules } from '../contract/rule.ts';
import { allRules, defaultWindowSeconds, labelsOf } from '../contract/rule.ts';
import type { SceneEvent } from '../contract/rule-event.ts';
import { createRuleFit } from './rule-fit.ts';
import type { Sighting } from './scene/scene.ts';
import type { PictureSize, RunningRules } from './worker-messages.ts';

export type RulesAtWork = Readonly<{
  /** As they came, even while they are suspended. */
  current: () => RunningRules;
  /** None while they are suspended. */
  fitting: () => CameraRules;
  take: (rules: RunningRules) => void;
  /** Told of each picture's size; true when it changed whether, or how, they fit. */
  picture: (size: Readonly<{ width: number; height: number }>) => boolean;
  isSuspended: () => boolean;
  /** How they fit, for the technician; undefined while the picture is the one they came for. */
  sentence: () => string | undefined;
  /** The detector names whatever a street has; what no rule asks for is not followed. */
  wantedOf: (sighting: Sighting) => Sighting;
  ruleOf: (event: Pick<SceneEvent, 'ruleId'>) => AnyRule | undefined;
  windowMsOf: (ruleId: string) => number;
}>;

/** `onDrawn` is told of the first picture on which rules run, for the worker that comes after this one. */
export function createRulesAtWork(
  cameraId: string,
  first: RunningRules,
  onDrawn: (size: PictureSize, version: number) => void,
): RulesAtWork {
  const fit = createRuleFit(cameraId, first, onDrawn);
  let running = first;
  return {
    current: () => running,
    fitting: () => (fit.isSuspended() ? { schemaVersion: 1 } : running.rules),
    take: (rules) => {
      running = rules;
    },
    picture: (size) => fit.picture(size, running.version),
    isSuspended: fit.isSuspended,
    sentence: fit.sentence,
    wantedOf: (sighting) => {
      const labels = new Set(['person', ...allRules(running.rules).flatMap(labelsOf)]);
      const detections = sighting.detections.filter(({ label }) => labels.has(label));
      return { ...sighting, detections };
    },
    ruleOf: ({ ruleId }) => allRules(running.rules).find((rule) => rule.ruleId === ruleId),
    windowMsOf: (ruleId) => {
      const rule = running.rules.watchPoints?.find((one) => one.ruleId === ruleId);
      return (rule?.windowSeconds ?? defaultWindowSeconds) * 1000;
    },
  };
}
