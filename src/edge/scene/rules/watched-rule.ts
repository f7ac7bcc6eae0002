/** A rule with its watcher, its scope and what it has seen of the people near its shape. */
import {
  type AnyRule,
  type CameraRules,
  labelsOf,
  type Tripwire,
  type WatchPoint,
  type Zone,
} from '../../../contract/rule.ts';
import { createSchedule } from '../../../contract/schedule.ts';
import type { Point } from '../../../contract/shape.ts';
import {
  neededByTripwire,
  neededByWatchPoint,
  neededByZone,
  type PersonScale,
} from './analysis-need.ts';
import { createNearbyHeights, type NearbyHeights } from './nearby-heights.ts';
import type { RuleWatcher, Scope } from './rule-watcher.ts';
import type { Step } from './step.ts';
import { createTripwireWatcher } from './tripwire.ts';
import { createWatchPointWatcher } from './watch-point.ts';
import { createZoneWatcher } from './zone.ts';

export type WatchedRule = Readonly<{
  ruleId: string;
  /** The rule as text: the same text is the same rule. */
  text: string;
  labels: readonly string[];
  scope: Scope;
  watcher: RuleWatcher;
  heights: NearbyHeights;
  /** Analysed pictures a second, for people of that height. */
  neededFor: (personHeight: number) => number;
}>;

/** Rules that are known with the same text are taken over with all that they have seen. */
export function watchRules(
  rules: CameraRules,
  known: readonly WatchedRule[],
  aspectRatio: number,
): readonly WatchedRule[] {
  const watched = <Rule extends AnyRule>(rule: Rule, kind: Kind<Rule>): WatchedRule => {
    const text = `${kind.name} ${JSON.stringify(rule)}`;
    return known.find((one) => one.text === text) ?? watchRule(rule, kind, text, aspectRatio);
  };
  return [
    ...(rules.tripwires ?? []).map((rule) => watched(rule, tripwire)),
    ...(rules.zones ?? []).map((rule) => watched(rule, zone)),
    ...(rules.watchPoints ?? []).map((rule) => watched(rule, watchPoint)),
  ];
}

/** What the kinds of rules have of their own. */
type Kind<Rule> = Readonly<{
  name: string;
  shape: (rule: Rule) => readonly Point[];
  needed: (rule: Rule, scale: PersonScale) => number;
  watch: (rule: Rule, aspectRatio: number, scope: Scope) => RuleWatcher;
}>;

const tripwire: Kind<Tripwire> = {
  name: 'tripwire',
  shape: ({ points, secondWire }) => [...points, ...(secondWire?.points ?? [])] as Point[],
  needed: neededByTripwire,
  watch: createTripwireWatcher,
};
const zone: Kind<Zone> = {
  name: 'zone',
  shape: ({ points }) => points as Point[],
  needed: neededByZone,
  watch: (rule, _aspectRatio, scope) => createZoneWatcher(rule, scope),
};
const watchPoint: Kind<WatchPoint> = {
  name: 'watchPoint',
  shape: ({ centre }) => [centre as Point],
  needed: neededByWatchPoint,
  watch: createWatchPointWatcher,
};

function watchRule<Rule extends AnyRule>(
  rule: Rule,
  { shape, needed, watch }: Kind<Rule>,
  text: string,
  aspectRatio: number,
): WatchedRule {
  const scope = scopeOf(rule);
  return {
    ruleId: rule.ruleId,
    text,
    labels: labelsOf(rule),
    scope,
    watcher: watch(rule, aspectRatio, scope),
    heights: createNearbyHeights(shape(rule), aspectRatio),
    neededFor: (personHeight) => needed(rule, { personHeight, aspectRatio }),
  };
}

function scopeOf(rule: AnyRule): Scope {
  const { leastConfidence = 0, leastBoxHeight = 0, mostBoxHeight = 1 } = rule;
  return {
    admits: ({ usual }: Step) =>
      usual.confidence >= leastConfidence &&
      usual.boxHeight >= leastBoxHeight &&
      usual.boxHeight <= mostBoxHeight,
    isInForce: createSchedule(rule.schedule),
  };
}
