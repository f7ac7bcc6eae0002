/** What happens at a place whoever is there: it has not been empty for long, or many are there at once. */
import type { Zone } from '../../../contract/rule.ts';
import { type Firing, nothing, type Scope } from './rule-watcher.ts';
import { type Glimpse, longestBridgedMs, type Step } from './step.ts';

/** Nobody seen for so long means empty: longer than the tracker believes in somebody unseen. */
const longestHoleMs = 5000;
const defaultCrowdSeconds = 5;

type OccupationWatch = Readonly<{
  /** A sighting inside the zone. */
  take: (glimpse: Glimpse) => readonly Firing[];
}>;

/** Told once, until the place has been empty. */
export function createOccupationWatch(zone: Zone, { admits, isInForce }: Scope): OccupationWatch {
  const wantedMs = (zone.occupiedSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  let sinceMs = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  let isTold = false;
  return {
    take: (glimpse) => {
      if (wantedMs === Number.POSITIVE_INFINITY) return nothing;
      const step = glimpse.step();
      if (!admits(step)) return nothing;
      const { mediaTimeMs } = step;
      if (mediaTimeMs - lastMs > longestHoleMs) {
        sinceMs = mediaTimeMs;
        isTold = false;
      }
      lastMs = Math.max(lastMs, mediaTimeMs);
      const occupiedMs = mediaTimeMs - sinceMs;
      if (isTold || occupiedMs < wantedMs || !isInForce(step.capturedAtMs)) return nothing;
      isTold = true;
      const occupiedSeconds = occupiedMs / 1000;
      return [{ finding: { kind: 'place-occupied', occupiedSeconds }, step }];
    },
  };
}

type CrowdWatch = Readonly<{
  isWanted: boolean;
  /** `present` are the last steps of those who are inside. */
  take: (present: readonly Step[], nowMs: number) => readonly Firing[];
}>;

/** Told once, until there have been fewer for a moment. */
export function createCrowdWatch(zone: Zone, { admits, isInForce }: Scope): CrowdWatch {
  const wanted = zone.crowdCount ?? Number.POSITIVE_INFINITY;
  const wantedMs = (zone.crowdSeconds ?? defaultCrowdSeconds) * 1000;
  let sinceMs = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  let isTold = false;
  return {
    isWanted: zone.crowdCount !== undefined,
    take: (present, nowMs) => {
      const crowd = present.filter(admits);
      const newest = crowd.reduce<Step | undefined>(newer, undefined);
      if (crowd.length < wanted || newest === undefined) return nothing;
      if (nowMs - lastMs > longestBridgedMs) {
        sinceMs = nowMs;
        isTold = false;
      }
      lastMs = nowMs;
      if (isTold || nowMs - sinceMs < wantedMs || !isInForce(newest.capturedAtMs)) return nothing;
      isTold = true;
      return [{ finding: { kind: 'crowd-gathered', count: crowd.length }, step: newest }];
    },
  };
}

function newer(newest: Step | undefined, step: Step): Step {
  return newest === undefined || step.mediaTimeMs >= newest.mediaTimeMs ? step : newest;
}
