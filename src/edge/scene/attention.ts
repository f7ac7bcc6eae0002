/**
 * How soon the scene wants to be looked at again. At once while something is about to be decided: a track nears the shape
 * of a rule, people meet, somebody has just come or is missing. People who walk alone in the open are followed as well
 * with half of the looks, and those who stand still with fewer. Pure; times in milliseconds of media time.
 */
import type { CameraRules } from '../../contract/rule.ts';
import { footPointOf, type Point } from '../../contract/shape.ts';
import { distance, distanceToSegment, type GroundPoint, toGround } from '../geometry/ground.ts';
import type { SceneTrack } from './scene.ts';

export type Attention = Readonly<{
  /** Milliseconds after `nowMs` within which the next look is due; 0 for as soon as there is a frame. */
  dueWithinMs: (tracks: readonly SceneTrack[], nowMs: number) => number;
  /** Whether the track may reach the shape of a rule before the next look. */
  isNearRule: (track: SceneTrack) => boolean;
  /** Takes effect with the next question. */
  applyRules: (rules: CameraRules) => void;
}>;

/** A new track needs looks close to one another until it is known how it moves. */
const youngMs = 1500;
/** Who runs makes 2.5 box heights a second: from here the shape is not reached before the next look. */
const nearHeights = 1.2;
/** Closer than this two people may cover one another at the next look. */
const meetingHeights = 0.35;
/** Alone in the open: the way to the next place is known well enough. */
const steadyMs = 400;
/** Somebody who has not moved by this much, in box heights, since the look before stands. */
const standingHeights = 0.04;
const standingMs = 800;

type Shape = Readonly<{ distanceTo: (point: GroundPoint) => number }>;
type Place = Readonly<{ foot: GroundPoint; height: number }>;

export function createAttention(
  settings: Readonly<{ rules: CameraRules; aspectRatio: number }>,
): Attention {
  const { aspectRatio } = settings;
  let shapes = shapesOf(settings.rules, aspectRatio);
  let before = new Map<number, Place>();

  const isNear = ({ foot, height }: Place): boolean =>
    shapes.some(({ distanceTo }) => distanceTo(foot) < nearHeights * height);
  const dueOf = (track: SceneTrack, place: Place, others: readonly SceneTrack[], nowMs: number) => {
    if (track.state === 'lost' || nowMs - track.firstSeenMs < youngMs) return 0;
    if (isNear(place) || others.some((other) => isMeeting(track, other, aspectRatio))) return 0;
    const was = before.get(track.trackId);
    const moved = was === undefined ? 1 : distance(was.foot, place.foot) / place.height;
    return moved < standingHeights ? standingMs : steadyMs;
  };

  return {
    dueWithinMs: (tracks, nowMs) => {
      const places = new Map(tracks.map((track) => [track.trackId, placeOf(track, aspectRatio)]));
      const dues = tracks.map((track) => {
        const others = tracks.filter((other) => other !== track);
        return dueOf(
          track,
          places.get(track.trackId) ?? placeOf(track, aspectRatio),
          others,
          nowMs,
        );
      });
      before = places;
      return Math.min(standingMs, ...dues);
    },
    isNearRule: (track) => isNear(placeOf(track, aspectRatio)),
    applyRules: (rules) => {
      shapes = shapesOf(rules, aspectRatio);
    },
  };
}

function placeOf({ box }: SceneTrack, aspectRatio: number): Place {
  return {
    foot: toGround(footPointOf(box), aspectRatio),
    height: Math.max(0.01, box.bottom - box.top),
  };
}

/** The gap between two boxes is small against the larger of them. */
function isMeeting(one: SceneTrack, other: SceneTrack, aspectRatio: number): boolean {
  const [a, b] = [one.box, other.box];
  const across = Math.max(a.left - b.right, b.left - a.right, 0) * aspectRatio;
  const down = Math.max(a.top - b.bottom, b.top - a.bottom, 0);
  const height = Math.max(a.bottom - a.top, b.bottom - b.top);
  return Math.hypot(across, down) < meetingHeights * height;
}

function shapesOf(rules: CameraRules, aspectRatio: number): readonly Shape[] {
  const path = (points: readonly Point[], isClosed: boolean): Shape => {
    const ground = points.map((point) => toGround(point, aspectRatio));
    const ends = isClosed ? [...ground.slice(1), ...ground.slice(0, 1)] : ground.slice(1);
    const segments = ends.map((end, at) => [ground[at] ?? end, end] as const);
    return {
      distanceTo: (point) =>
        Math.min(...segments.map((segment) => distanceToSegment(point, segment))),
    };
  };
  return [
    ...(rules.tripwires ?? []).flatMap(({ points, secondWire }) => [
      path(points as Point[], false),
      ...(secondWire === undefined ? [] : [path(secondWire.points as Point[], false)]),
    ]),
    ...(rules.zones ?? []).map(({ points }) => path(points as Point[], true)),
    ...(rules.watchPoints ?? []).map(({ centre, radiusOfHeight }): Shape => {
      const middle = toGround(centre as Point, aspectRatio);
      return { distanceTo: (point) => Math.max(0, distance(point, middle) - radiusOfHeight) };
    }),
  ];
}
