/**
 * How soon the scene wants to be looked at again. At once while something is about to be decided that the look after the
 * next would be too late for: a track comes to a rule's shape fast, or to one with little room beside it; people pass one
 * another; somebody has just come or is missing. Others are followed as well with half of the looks, since their way between
 * two looks is straight enough, and those who stand with fewer. Pure; times in milliseconds of media time.
 */
import type { CameraRules } from '../../contract/rule.ts';
import { type Box, footPointOf, type Point } from '../../contract/shape.ts';
import { distance, distanceToSegment, type GroundPoint, toGround } from '../geometry/ground.ts';
import { neededByTripwire, neededByWatchPoint, neededByZone } from './rules/analysis-need.ts';
import type { SceneTrack } from './scene.ts';

export type Attention = Readonly<{
  /** Milliseconds after `nowMs` within which the next look is due; 0 for as soon as there is a frame. */
  dueWithinMs: (tracks: readonly SceneTrack[], nowMs: number) => number;
  /** Whether the track may reach the shape of a rule before the next look. */
  isNearRule: (track: SceneTrack) => boolean;
  /** Takes effect with the next question. */
  applyRules: (rules: CameraRules) => void;
}>;

/** Who runs makes 2.5 box heights a second: from here the shape is not reached before the next look. */
const nearHeights = 1.2;
/** A new track needs looks close to one another until it is known how it moves. */
const youngMs = 500;
/** Missing for longer, it stands behind something, or is gone; when it comes forth it moves and calls for a look itself. */
const missedMs = 300;
/** As near as this to a shape something may be decided: the dead band of a wire is part of it, and the noise of a box. */
const marginHeights = 0.15;
const pathMoments = [0, 0.25, 0.5, 0.75, 1];
/** Half of a stride that the tracker can bridge: who is slower is seen on both sides of a wire with every other look as well. */
const runningHeights = 1.25;
/** Whose boxes come as near as this before the look after the next may cover one another. */
const meetingHeights = 0.05;
/** Two slower than this past one another, in box heights a second, go together or stand: walking alone is 0.8. */
const passingHeights = 0.6;
/** A pace is known over so long, however many looks that were: between two close ones a box trembles more than it walks. */
const paceMs = 290;
/** Alone in the open: the way to the next place is known well enough. With five pictures a second that is the second one. */
const steadyMs = 300;
/** The look after the next is then made by so long at the latest. */
const horizonMs = 400;
/** Somebody slower than this, in box heights a second, stands. */
const standingHeights = 0.1;
const standingMs = 800;

type Shape = Readonly<{
  distanceTo: (point: GroundPoint) => number;
  /** Looks a second that people of this height, in picture heights, need there. */
  neededPerSecond: (height: number) => number;
}>;
/** `pace` in picture heights a second. */
type Place = Readonly<{ foot: GroundPoint; height: number; pace: GroundPoint | undefined }>;

export function createAttention(
  settings: Readonly<{ rules: CameraRules; aspectRatio: number }>,
): Attention {
  const { aspectRatio } = settings;
  let shapes = shapesOf(settings.rules, aspectRatio);
  let before = new Map<number, Place>();
  let beforeMs = 0;

  return {
    dueWithinMs: (tracks, nowMs) => {
      const seconds = (nowMs - beforeMs) / 1000;
      const places = new Map(
        tracks.map((track) => [
          track.trackId,
          placeOf(track, before.get(track.trackId), seconds, aspectRatio),
        ]),
      );
      const due = tracks.map((track) => {
        const place = places.get(track.trackId);
        if (place === undefined) return 0;
        const own = dueOfItself(track, place, nowMs);
        if (own === 0) return 0;
        if (shapes.some((shape) => mayMiss(place, shape))) return 0;
        return tracks.some(
          (other) => other !== track && isMeeting(track, other, places, aspectRatio),
        )
          ? 0
          : own;
      });
      before = places;
      beforeMs = nowMs;
      return Math.min(standingMs, ...due);
    },
    isNearRule: ({ box }) => {
      const foot = toGround(footPointOf(box), aspectRatio);
      const near = nearHeights * (box.bottom - box.top);
      return shapes.some(({ distanceTo }) => distanceTo(foot) < near);
    },
    applyRules: (rules) => {
      shapes = shapesOf(rules, aspectRatio);
    },
  };
}

function dueOfItself(track: SceneTrack, { pace, height }: Place, nowMs: number): number {
  if (track.state === 'lost') return nowMs - track.lastSeenMs < missedMs ? 0 : steadyMs;
  if (pace === undefined || nowMs - track.firstSeenMs < youngMs) return 0;
  return Math.hypot(...pace) < standingHeights * height ? standingMs : steadyMs;
}

/** On its way until the look after the next, when that is too late for the shape or for somebody so fast. */
function mayMiss({ foot, height, pace = [0, 0] }: Place, shape: Shape): boolean {
  const isFast = Math.hypot(...pace) > runningHeights * height;
  if (!isFast && shape.neededPerSecond(height) <= 1000 / horizonMs) return false;
  const margin = marginHeights * height;
  return pathMoments.some((share) => {
    const seconds = (share * horizonMs) / 1000;
    const there: GroundPoint = [foot[0] + pace[0] * seconds, foot[1] + pace[1] * seconds];
    return shape.distanceTo(there) < margin;
  });
}

function placeOf(
  { box }: SceneTrack,
  before: Place | undefined,
  seconds: number,
  aspectRatio: number,
): Place {
  const foot = toGround(footPointOf(box), aspectRatio);
  const height = Math.max(0.01, box.bottom - box.top);
  if (before === undefined || seconds <= 0) return { foot, height, pace: undefined };
  const newest: GroundPoint = [
    (foot[0] - before.foot[0]) / seconds,
    (foot[1] - before.foot[1]) / seconds,
  ];
  const known = before.pace ?? newest;
  const share = 1 - Math.exp((-seconds * 1000) / paceMs);
  const mix = (old: number, now: number): number => old + share * (now - old);
  return { foot, height, pace: [mix(known[0], newest[0]), mix(known[1], newest[1])] };
}

/** Their boxes touch before the look after the next, at the pace of both. */
function isMeeting(
  one: SceneTrack,
  other: SceneTrack,
  places: ReadonlyMap<number, Place>,
  aspectRatio: number,
): boolean {
  const [a, b] = [places.get(one.trackId), places.get(other.trackId)];
  const height = Math.max(a?.height ?? 0, b?.height ?? 0);
  const now = gapOf(one.box, other.box, aspectRatio);
  const [ax = 0, ay = 0] = a?.pace ?? [];
  const [bx = 0, by = 0] = b?.pace ?? [];
  const seconds = horizonMs / 1000;
  if (Math.hypot(bx - ax, by - ay) < passingHeights * height) return false;
  const then = gapOf(one.box, other.box, aspectRatio, [(bx - ax) * seconds, (by - ay) * seconds]);
  return then < meetingHeights * height && (then < now || now === 0);
}

/** Between two boxes, in picture heights; the other one is moved by so much first. */
function gapOf(a: Box, b: Box, aspectRatio: number, [dx, dy]: GroundPoint = [0, 0]): number {
  const left = b.left * aspectRatio + dx;
  const right = b.right * aspectRatio + dx;
  const across = Math.max(a.left * aspectRatio - right, left - a.right * aspectRatio, 0);
  const down = Math.max(a.top - (b.bottom + dy), b.top + dy - a.bottom, 0);
  return Math.hypot(across, down);
}

function shapesOf(rules: CameraRules, aspectRatio: number): readonly Shape[] {
  const path = (points: readonly Point[], isClosed: boolean): Shape['distanceTo'] => {
    const ground = points.map((point) => toGround(point, aspectRatio));
    const ends = isClosed ? [...ground.slice(1), ...ground.slice(0, 1)] : ground.slice(1);
    const segments = ends.map((end, at) => [ground[at] ?? end, end] as const);
    return (point) => Math.min(...segments.map((segment) => distanceToSegment(point, segment)));
  };
  const scaleOf = (personHeight: number) => ({ personHeight, aspectRatio });
  return [
    ...(rules.tripwires ?? []).flatMap((wire) => {
      const neededPerSecond = remembered((height) => neededByTripwire(wire, scaleOf(height)));
      const wires = [wire, ...(wire.secondWire === undefined ? [] : [wire.secondWire])];
      return wires.map(({ points }) => {
        return { distanceTo: path(points as Point[], false), neededPerSecond };
      });
    }),
    ...(rules.zones ?? []).map((zone) => ({
      distanceTo: path(zone.points as Point[], true),
      neededPerSecond: remembered((height) => neededByZone(zone, scaleOf(height))),
    })),
    ...(rules.watchPoints ?? []).map((watchPoint): Shape => {
      const middle = toGround(watchPoint.centre as Point, aspectRatio);
      return {
        distanceTo: (point) => Math.abs(distance(point, middle) - watchPoint.radiusOfHeight),
        neededPerSecond: remembered((height) => neededByWatchPoint(watchPoint, scaleOf(height))),
      };
    }),
  ];
}

/** For heights in steps of a fiftieth of the picture: it is asked for every track at every look. */
function remembered(needed: (height: number) => number): (height: number) => number {
  const known = new Map<number, number>();
  return (height) => {
    const step = Math.max(1, Math.round(height * 50));
    const value = known.get(step) ?? needed(step / 50);
    known.set(step, value);
    return value;
  };
}
