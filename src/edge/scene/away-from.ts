/** When somebody has left the place that a rule is about. Pure. */
import type { CameraRules, Direction, Tripwire, WatchPoint, Zone } from '../../contract/rule.ts';
import { type Box, footPointOf, type Point } from '../../contract/shape.ts';
import { createWireDistance, distance, toGround } from '../geometry/ground.ts';
import { createZoneContains } from '../geometry/polygon.ts';
import { wireSettings } from './rules/wire-crossing.ts';

/** Beyond a wire's dead band by so much: a step over it and back is not leaving. */
const clearOfWireHeights = 1;
/** As far as a visit to a watch point takes to end. */
const clearOfPointRadii = 1.3;

export type IsAway = (box: Box) => boolean;

/** Undefined when there is no such rule. */
export function createAwayFrom(
  { tripwires = [], zones = [], watchPoints = [] }: CameraRules,
  ruleId: string,
  aspectRatio: number,
): IsAway | undefined {
  const isIt = (rule: Readonly<{ ruleId: string }>): boolean => rule.ruleId === ruleId;
  const wire = tripwires.find(isIt);
  if (wire !== undefined) return awayFromWire(wire, aspectRatio);
  const zone = zones.find(isIt);
  if (zone !== undefined) return awayFromZone(zone);
  const watchPoint = watchPoints.find(isIt);
  return watchPoint === undefined ? undefined : awayFromPoint(watchPoint, aspectRatio);
}

/**
 * On the wrong side of a wire with a direction nobody has left, however far in: only who went back, or out of the picture.
 * Of two wires in order it is the second, which called.
 */
function awayFromWire(wire: Tripwire, aspectRatio: number): IsAway {
  const { points, direction = 'both' } = wire.secondWire ?? wire;
  const distanceOf = createWireDistance(points as Point[], aspectRatio);
  const clear = wireSettings(wire).bandHeights + clearOfWireHeights;
  return (box) => {
    const away = distanceOf(...footPointOf(box)) / (box.bottom - box.top);
    return Math.abs(away) > clear && isWayOut(direction, away);
  };
}

/** Side A is below 0. */
function isWayOut(direction: Direction, away: number): boolean {
  switch (direction) {
    case 'a-to-b':
      return away < 0;
    case 'b-to-a':
      return away > 0;
    case 'both':
      return true;
  }
}

function awayFromZone({ points }: Zone): IsAway {
  const contains = createZoneContains(points as Point[]);
  return (box) => !contains(...footPointOf(box));
}

function awayFromPoint({ centre, radiusOfHeight }: WatchPoint, aspectRatio: number): IsAway {
  const middle = toGround(centre as Point, aspectRatio);
  const clear = radiusOfHeight * clearOfPointRadii;
  return (box) => distance(toGround(footPointOf(box), aspectRatio), middle) > clear;
}
