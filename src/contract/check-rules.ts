/** Checks rules beyond their schema: shapes that can be drawn by mistake and could never fire, or fire for nothing. */

import { type Checked, createCheck } from './check.ts';
import { because } from './reason.ts';
import { allRules, CameraRules, defaultMostSeconds } from './rule.ts';
import { defaultTimeZone } from './schedule.ts';
import { type Point, segmentsCross } from './shape.ts';
import { textFault } from './voice.ts';

const checkSchema = createCheck(CameraRules);
/** Points nearer than this fraction of the picture are the same place. */
const samePlace = 0.002;
const leastArea = 0.0001;

/** One sentence names the rule and the mend. */
export function checkRules(value: unknown): Checked<CameraRules> {
  const checked = checkSchema(value);
  if (!checked.ok) return checked;
  const rules = checked.value;
  const fault =
    doubleId(rules) ??
    badWire(rules) ??
    badArea('zone', rules.zones) ??
    badArea('mask', rules.privacyMasks) ??
    badSchedule(rules) ??
    badText(rules);
  return fault === undefined ? checked : { ok: false, path: '', reason: fault };
}

function doubleId(rules: CameraRules): string | undefined {
  const seen = new Set<string>();
  for (const { ruleId } of [...allRules(rules), ...(rules.privacyMasks ?? [])]) {
    if (seen.has(ruleId)) return because('rules-same-id', { ruleId });
    seen.add(ruleId);
  }
  return undefined;
}

function badWire(rules: CameraRules): string | undefined {
  for (const { ruleId, points, secondWire } of rules.tripwires ?? []) {
    if (hasDoublePoint(points) || hasDoublePoint(secondWire?.points ?? []))
      return because('wire-double-point', { ruleId });
    const { leastSeconds = 0, mostSeconds = defaultMostSeconds } = secondWire ?? {};
    if (leastSeconds >= mostSeconds)
      return because('wire-never', { ruleId, leastSeconds, mostSeconds });
  }
  return undefined;
}

function hasDoublePoint(points: readonly Point[]): boolean {
  return points.some((point, at) => at > 0 && distance(point, points[at - 1] ?? point) < samePlace);
}

/** Only the time zone can be wrong beyond the schema. */
function badSchedule(rules: CameraRules): string | undefined {
  for (const { ruleId, schedule, response } of allRules(rules)) {
    const zones = [schedule, response?.voice?.quiet?.schedule].map(
      (one) => one?.timeZone ?? defaultTimeZone,
    );
    const timeZone = zones.find((zone) => !isTimeZone(zone));
    if (timeZone !== undefined) return because('rule-time-zone', { ruleId, timeZone });
  }
  return undefined;
}

/** A placeholder that does not exist, or something personal. */
function badText(rules: CameraRules): string | undefined {
  for (const { ruleId, response } of allRules(rules)) {
    for (const said of [response?.announcement, response?.voice?.again, response?.voice?.third]) {
      const fault = said?.kind === 'speech' ? textFault(said.text) : undefined;
      if (fault !== undefined) return because('rule-text', { ruleId, what: fault });
    }
  }
  return undefined;
}

function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function badArea(
  area: 'zone' | 'mask',
  areas: readonly Readonly<{ ruleId: string; points: readonly Point[] }>[] = [],
): string | undefined {
  for (const { ruleId, points } of areas) {
    const fault = outlineFault(points);
    if (fault !== undefined) return because(`${area}-outline`, { ruleId, what: fault });
  }
  return undefined;
}

/** What is wrong with the outline of an area; undefined when nothing is. */
export function outlineFault(points: readonly Point[]): string | undefined {
  if (Math.abs(area(points)) < leastArea) return because('outline-no-area');
  return crossesItself(points) ? because('outline-crosses') : undefined;
}

function distance([ax, ay]: Point, [bx, by]: Point): number {
  return Math.hypot(ax - bx, ay - by);
}

/** Shoelace formula. */
function area(points: readonly Point[]): number {
  return (
    points.reduce((sum, [x, y], at) => {
      const [nextX, nextY] = points[(at + 1) % points.length] ?? [x, y];
      return sum + (x * nextY - nextX * y);
    }, 0) / 2
  );
}

function crossesItself(points: readonly Point[]): boolean {
  const count = points.length;
  const side = (at: number): readonly [Point, Point] => [
    points[at % count] ?? [0, 0],
    points[(at + 1) % count] ?? [0, 0],
  ];
  for (let first = 0; first < count; first += 1) {
    for (let second = first + 2; second < count; second += 1) {
      const areNeighbours = first === 0 && second === count - 1;
      if (!areNeighbours && segmentsCross(side(first), side(second))) return true;
    }
  }
  return false;
}
