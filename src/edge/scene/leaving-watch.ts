/**
 * After a warning: does the person it was for go away? Shown every look of the scene and told as time passes, it answers
 * each order once: left, still there, or unknown and why. Pure; all times are of one clock that never goes back.
 *
 * Gone is who stands clearly away from the rule's place or is not seen any more. Somebody who is not seen has to stay so
 * for longer, because detectors miss people now and then.
 */
import type { CameraRules } from '../../contract/rule.ts';
import type { LeavingOutcome } from '../../contract/rule-event.ts';
import type { Box } from '../../contract/shape.ts';
import { iou } from '../geometry/iou.ts';
import { createAwayFrom, type IsAway } from './away-from.ts';
import type { SceneTrack } from './scene.ts';

export type LeavingOrder = Readonly<{
  eventId: string;
  ruleId: string;
  trackId: number;
  personId: number;
  forSeconds: number;
}>;

export type Leaving = Readonly<{
  eventId: string;
  outcome: LeavingOutcome;
  afterSeconds: number;
  reason?: string;
}>;

export type LeavingWatch = Readonly<{
  /**
   * Begins to watch; an order that is being watched already changes nothing. False when there is no such rule.
   * The rule is taken as it stands now: half a minute is too short for following its changes.
   */
  start: (
    order: LeavingOrder,
    sight: Readonly<{ rules: CameraRules; aspectRatio: number }>,
    nowMs: number,
  ) => boolean;
  observe: (tracks: readonly SceneTrack[], nowMs: number) => readonly Leaving[];
  /** For when nothing is looked at. A blind camera knows nothing: whatever is watched is given up with the reason. */
  elapse: (nowMs: number, blind: string | undefined) => readonly Leaving[];
}>;

const awayMs = 2000;
const unseenMs = 3000;
/** A new track that takes up the place of one that was just lost is the same person under another number. */
const sameBox = 0.5;

type Watched = {
  readonly order: LeavingOrder;
  readonly isAway: IsAway;
  readonly startedMs: number;
  personId: number;
  trackIds: ReadonlySet<number>;
  last: Readonly<{ box: Box; seenMs: number }> | undefined;
  goneSinceMs: number | undefined;
  /** In this absence the person was seen somewhere else, and is not just unseen. */
  wasSeenAway: boolean;
};

export function createLeavingWatch(): LeavingWatch {
  let tracksNow: readonly SceneTrack[] = [];
  let watched: readonly Watched[] = [];

  const answer = (judge: (one: Watched) => Leaving | undefined): readonly Leaving[] => {
    if (watched.length === 0) return [];
    const answers = watched.map(judge);
    watched = watched.filter((_, at) => answers[at] === undefined);
    return answers.filter((one) => one !== undefined);
  };

  return {
    start: (order, { rules, aspectRatio }, nowMs) => {
      if (watched.some((one) => one.order.eventId === order.eventId)) return true;
      const isAway = createAwayFrom(rules, order.ruleId, aspectRatio);
      if (isAway === undefined) return false;
      const one: Watched = {
        order,
        isAway,
        startedMs: nowMs,
        personId: order.personId,
        trackIds: new Set([order.trackId]),
        last: undefined,
        goneSinceMs: undefined,
        wasSeenAway: false,
      };
      see(one, tracksNow, nowMs);
      watched = [...watched, one];
      return true;
    },
    observe: (tracks, nowMs) => {
      tracksNow = tracks;
      return answer((one) => {
        see(one, tracks, nowMs);
        return verdict(one, nowMs);
      });
    },
    elapse: (nowMs, blind) =>
      answer((one) =>
        blind === undefined
          ? verdict(one, nowMs)
          : { ...answered(one, 'unknown', nowMs), reason: blind },
      ),
  };
}

function see(one: Watched, tracks: readonly SceneTrack[], nowMs: number): void {
  const track = newestOf(one, tracks);
  if (track === undefined) {
    one.goneSinceMs ??= nowMs;
    return;
  }
  one.trackIds = new Set([...one.trackIds, track.trackId]);
  one.personId = track.personId;
  one.last = { box: track.box, seenMs: track.lastSeenMs };
  if (one.isAway(track.box)) {
    one.goneSinceMs ??= nowMs;
    one.wasSeenAway = true;
  } else {
    one.goneSinceMs = undefined;
    one.wasSeenAway = false;
  }
}

/** Where the person is seen; a track's number first, because a young track may belong to another person a moment later. */
function newestOf(one: Watched, tracks: readonly SceneTrack[]): SceneTrack | undefined {
  const seen = tracks.filter(({ state }) => state === 'confirmed');
  return (
    seen.findLast(({ trackId }) => one.trackIds.has(trackId)) ??
    seen.findLast(({ personId }) => personId === one.personId) ??
    seen.find((track) => isSuccessor(track, one.last))
  );
}

function isSuccessor(track: SceneTrack, last: Watched['last']): boolean {
  return (
    last !== undefined && track.firstSeenMs > last.seenMs && iou(track.box, last.box) >= sameBox
  );
}

function verdict(one: Watched, nowMs: number): Leaving | undefined {
  const { goneSinceMs, startedMs, order } = one;
  if (goneSinceMs !== undefined) {
    const isSettled = nowMs - goneSinceMs >= (one.wasSeenAway ? awayMs : unseenMs);
    return isSettled ? answered(one, 'left', goneSinceMs) : undefined;
  }
  const isOver = nowMs - startedMs >= order.forSeconds * 1000;
  return isOver ? answered(one, 'still-there', nowMs) : undefined;
}

function answered({ order, startedMs }: Watched, outcome: LeavingOutcome, atMs: number): Leaving {
  const afterSeconds = Math.round((atMs - startedMs) / 100) / 10;
  return { eventId: order.eventId, outcome, afterSeconds };
}
