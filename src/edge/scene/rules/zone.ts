/**
 * Zone: who enters, leaves and stays, and beside the persons the place itself: how long it has not been empty, and
 * whether a crowd has gathered.
 */
import type { Zone } from '../../../contract/rule.ts';
import type { Point } from '../../../contract/shape.ts';
import { createZoneContains } from '../../geometry/polygon.ts';
import { createCrowdWatch, createOccupationWatch } from './place.ts';
import { nothing, type RuleWatcher, type Scope } from './rule-watcher.ts';
import { createStays } from './stays.ts';

export function createZoneWatcher(zone: Zone, scope: Scope): RuleWatcher {
  const contains = createZoneContains(zone.points as Point[]);
  const stays = createStays(zone, scope);
  const occupation = createOccupationWatch(zone, scope);
  const crowd = createCrowdWatch(zone, scope);
  return {
    take: (glimpse, persons) => {
      const isInside = contains(glimpse.x, glimpse.y);
      const firings = stays.take(glimpse, isInside, persons);
      const occupied = isInside ? occupation.take(glimpse) : nothing;
      return occupied.length > 0 ? [...firings, ...occupied] : firings;
    },
    elapse: (nowMs) => {
      const left = stays.elapse(nowMs);
      if (!crowd.isWanted) return left;
      return [...left, ...crowd.take(stays.present(nowMs), nowMs)];
    },
    inherit: stays.inherit,
    end: stays.end,
    remembered: stays.remembered,
  };
}
