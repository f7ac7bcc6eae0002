/** The second wire of two in order, as it is drawn: it begins beside the first. Pure; fractions of the picture. */
import type { Tripwire } from '../../contract/rule.ts';
import type { RulePoint } from './drawn-rule.ts';

const apart = 0.1;

/** The same wire a tenth of the picture to the right, or to the left where there is no room. */
export function beside(points: readonly RulePoint[]): RulePoint[] {
  const rightmost = Math.max(...points.map(([x]) => x));
  const by = rightmost + apart <= 1 ? apart : -apart;
  return points.map(([x, y]) => [Math.round(Math.max(0, x + by) * 10_000) / 10_000, y]);
}

export function withMovedSecondPoint(wire: Tripwire, index: number, to: RulePoint): Tripwire {
  const { secondWire } = wire;
  if (secondWire === undefined) return wire;
  const points = secondWire.points.map((point, at) => (at === index ? to : point));
  return { ...wire, secondWire: { ...secondWire, points } };
}
