/**
 * How many analysed pictures a second a rule needs, from its own shape and the people seen there: somebody who runs has
 * to be seen often enough to be known for the same one, and where a side of a wire, or a place, can be told.
 * Pure. Distances in picture heights; `personHeight` is a fraction of the picture's height.
 */
import type { Direction, Tripwire, WatchPoint, Zone } from '../../../contract/rule.ts';
import type { Point } from '../../../contract/shape.ts';
import { distance, type GroundPoint, toGround } from '../../geometry/ground.ts';
import { type WireSettings, wireSettings } from './wire-crossing.ts';

/** Running, in box heights a second: walking is 0.8. */
const runningHeights = 2.5;
/** From one picture to the next a person may not go farther than this, or it is not known for the same one. */
const longestStrideHeights = 1;
/** The shape leaves hardly any room: no camera is analysed faster. The drawing page warns of such a shape. */
const mostPerSecond = 25;
/** Places along the wire at which its room is measured. */
const samples = 9;

export type PersonScale = Readonly<{ personHeight: number; aspectRatio: number }>;

/** Of a rule with two wires: what the harder one needs. */
export function neededByTripwire(wire: Tripwire, scale: PersonScale): number {
  const settings = wireSettings(wire);
  const { secondWire } = wire;
  const first = neededByWire(wire.points as Point[], wire.direction, settings, scale);
  if (secondWire === undefined) return rounded(first);
  const points = secondWire.points as Point[];
  return rounded(Math.max(first, neededByWire(points, secondWire.direction, settings, scale)));
}

/** Who runs across is seen inside twice, as far apart as it takes to settle; faster passers do not count as inside. */
export function neededByZone(zone: Zone, { personHeight, aspectRatio }: PersonScale): number {
  const settleSeconds = zone.settleSeconds ?? 0.5;
  const wide = spread(zone.points.map(([x]) => x * aspectRatio));
  const high = spread(zone.points.map(([, y]) => y));
  const insideSeconds = Math.min(wide, high) / personHeight / runningHeights;
  return rounded(2 / Math.max(settleSeconds, insideSeconds - settleSeconds, 0.1));
}

/** Who runs across the middle is seen inside once. */
export function neededByWatchPoint(watchPoint: WatchPoint, { personHeight }: PersonScale): number {
  return rounded((runningHeights * personHeight) / (2 * watchPoint.radiusOfHeight));
}

function rounded(neededByShape: number): number {
  const toFollow = runningHeights / longestStrideHeights;
  const needed = Math.min(mostPerSecond, Math.max(toFollow, neededByShape));
  return Math.ceil(needed * 2) / 2;
}

function neededByWire(
  points: readonly Point[],
  direction: Direction = 'both',
  settings: WireSettings,
  { personHeight, aspectRatio }: PersonScale,
): number {
  const room = roomBeside(
    points.map((point) => toGround(point, aspectRatio)),
    aspectRatio,
  );
  const a = room.a / personHeight;
  const b = room.b / personHeight;
  const towardsB = Math.max(toComeFrom(a, settings), toSettle(b, settings));
  const towardsA = Math.max(toComeFrom(b, settings), toSettle(a, settings));
  if (direction === 'both') return Math.max(towardsA, towardsB);
  return direction === 'a-to-b' ? towardsB : towardsA;
}

/** One picture clearly out of the band, before the wire. */
function toComeFrom(room: number, { bandHeights }: WireSettings): number {
  return perSecond(runningHeights, room - 1.5 * bandHeights);
}

/** Beyond the wire: one picture a clear step away, or two that are as far apart as it takes to settle. */
function toSettle(room: number, { bandHeights, clearHeights, settleMs }: WireSettings): number {
  const atOnce = perSecond(runningHeights, room - bandHeights - clearHeights);
  const inTime = perSecond(2, (room - bandHeights) / runningHeights - settleMs / 1000);
  return Math.min(atOnce, inTime);
}

function perSecond(dividend: number, divisor: number): number {
  return divisor <= 0 ? Number.POSITIVE_INFINITY : dividend / divisor;
}

/** How far it is from the wire square to it to the picture's edge: the median of places along it, for each side. */
function roomBeside(
  wire: readonly GroundPoint[],
  aspectRatio: number,
): Readonly<{ a: number; b: number }> {
  const places = placesAlong(wire);
  return {
    a: median(places.map(({ at, towardsA }) => roomTowards(at, towardsA, aspectRatio))),
    b: median(places.map(({ at, towardsA: [x, y] }) => roomTowards(at, [-x, -y], aspectRatio))),
  };
}

type WirePlace = Readonly<{ at: GroundPoint; towardsA: GroundPoint }>;

function placesAlong(wire: readonly GroundPoint[]): readonly WirePlace[] {
  const segments = wire.slice(1).map((end, at) => [wire[at] ?? end, end] as const);
  const total = segments.reduce((sum, segment) => sum + distance(...segment), 0);
  return Array.from({ length: samples }, (_, index) => {
    let left = (total * (index + 0.5)) / samples;
    const found = segments.find((segment) => {
      const length = distance(...segment);
      if (left <= length) return true;
      left -= length;
      return false;
    });
    const [start, end] = found ??
      segments[0] ?? [
        [0, 0],
        [1, 0],
      ];
    const length = distance(start, end);
    const [x, y] = [(end[0] - start[0]) / length, (end[1] - start[1]) / length];
    return { at: [start[0] + x * left, start[1] + y * left], towardsA: [y, -x] };
  });
}

function roomTowards([x, y]: GroundPoint, [dx, dy]: GroundPoint, aspectRatio: number): number {
  return Math.min(roomOnAxis(x, dx, aspectRatio), roomOnAxis(y, dy, 1));
}

function roomOnAxis(from: number, by: number, end: number): number {
  if (Math.abs(by) < 1e-9) return Number.POSITIVE_INFINITY;
  return Math.max(0, by > 0 ? (end - from) / by : from / -by);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function spread(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}
