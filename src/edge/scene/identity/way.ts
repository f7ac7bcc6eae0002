/**
 * Whether somebody can have come from where one track was seen last to where another began, and how likely that is:
 * out over the picture's edge and in again, or behind something and out of it nearby, and no faster than people run.
 */
import { type Box, footPointOf } from '../../../contract/shape.ts';
import { distance, toGround } from '../../geometry/ground.ts';
import { identityConstants as constants } from './identity-settings.ts';
import type { Place } from './tracklet.ts';

type Side = 'left' | 'top' | 'right' | 'bottom';

/** 0 impossible, 1 as likely as it gets. */
export function likelihoodOfWay(from: Place, to: Place, aspectRatio: number): number {
  const seconds = (to.atMs - from.atMs) / 1000;
  if (seconds <= 0) return 0;
  const height = Math.max(from.box.bottom - from.box.top, to.box.bottom - to.box.top, 1e-3);
  const foot = (box: Box) => toGround(footPointOf(box), aspectRatio);
  const heights = distance(foot(from.box), foot(to.box)) / height;
  if (heights > constants.strayHeights + constants.runningPace * seconds) return 0;
  const out = sideOf(from.box, aspectRatio);
  const back = sideOf(to.box, aspectRatio);
  if (out !== undefined && back !== undefined) return out === back ? 1 : constants.otherSide;
  if (out !== undefined || back !== undefined) return constants.edgeToInside;
  const isNear =
    heights <= constants.hiddenHeights &&
    heights <= constants.strayHeights + constants.walkingPace * seconds;
  return isNear ? 1 : constants.throughDoor;
}

/** The side of the picture at which the box stands; undefined when it stands inside. */
function sideOf({ left, top, right, bottom }: Box, aspectRatio: number): Side | undefined {
  const reach = constants.edgeHeights * Math.max(bottom - top, 1e-3);
  const beside = Math.min(left, 1 - right) * aspectRatio;
  const nearest = Math.min(beside, top, 1 - bottom);
  if (nearest > reach) return undefined;
  if (beside === nearest) return left <= 1 - right ? 'left' : 'right';
  return 1 - bottom === nearest ? 'bottom' : 'top';
}
