/** Checks rules beyond their schema: shapes that can be drawn by mistake and could never fire, or fire for nothing. */
import { type Checked, createCheck } from './check.ts';
import { allRules, CameraRules } from './rule.ts';
import { type Point, segmentsCross } from './shape.ts';

const checkSchema = createCheck(CameraRules);
/** Points nearer than this fraction of the picture are the same place. */
const samePlace = 0.002;
const leastArea = 0.0001;

/** One sentence names the rule and the mend. */
export function checkRules(value: unknown): Checked<CameraRules> {
  const checked = checkSchema(value);
  if (!checked.ok) return checked;
  const fault = doubleId(checked.value) ?? badWire(checked.value) ?? badZone(checked.value);
  return fault === undefined ? checked : { ok: false, path: '', reason: fault };
}

function doubleId(rules: CameraRules): string | undefined {
  const seen = new Set<string>();
  for (const { ruleId } of allRules(rules)) {
    if (seen.has(ruleId)) return `two rules are called "${ruleId}"; give each its own id`;
    seen.add(ruleId);
  }
  return undefined;
}

function badWire(rules: CameraRules): string | undefined {
  for (const { ruleId, points } of rules.tripwires ?? []) {
    const short = points.some(
      (point, at) => at > 0 && distance(point, points[at - 1] ?? point) < samePlace,
    );
    if (short) return `tripwire "${ruleId}" has two points at the same place; draw it again`;
  }
  return undefined;
}

function badZone(rules: CameraRules): string | undefined {
  for (const { ruleId, points } of rules.zones ?? []) {
    if (Math.abs(area(points)) < leastArea) return `zone "${ruleId}" has no area; draw it again`;
    if (crossesItself(points))
      return `the outline of zone "${ruleId}" crosses itself; draw it again`;
  }
  return undefined;
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
