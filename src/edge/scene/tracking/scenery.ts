/**
 * Still things that look a little like people: signs, tripods, posts. What has been seen at one place for seconds,
 * never sure enough to be believed and never moving, is taken for part of the scene, and its detections are kept
 * away from the tracks, so that a person who walks by does not leave his track hanging on a lamp post.
 */
import type { Box } from '../../../contract/shape.ts';
import { iou } from '../../geometry/iou.ts';

export type SceneryThing = Readonly<{ box: Box; confidence: number; lastSeenMs: number }>;

/** A detection is explained by a thing that it covers this well ... */
const leastOverlap = 0.6;
/** ... and that it does not outshine: a person standing before the sign is surer than the sign. */
const confidenceMargin = 0.15;
/** The light changes over minutes, the box with it. */
const memorySeconds = 10;
/** A thing that has been carried away is forgotten. */
const forgetSeconds = 120;
/** More would be a scene that nothing can be told apart in; the oldest go first. */
const greatestCount = 100;

/** The thing that explains the detection, if there is one. */
export function explain(
  things: readonly SceneryThing[],
  box: Box,
  confidence: number,
): SceneryThing | undefined {
  return things.find(
    (thing) =>
      confidence <= thing.confidence + confidenceMargin && iou(thing.box, box) >= leastOverlap,
  );
}

export function seeThing(
  thing: SceneryThing,
  box: Box,
  confidence: number,
  mediaTimeMs: number,
): SceneryThing {
  const seconds = (mediaTimeMs - thing.lastSeenMs) / 1000;
  const share = 1 - Math.exp(-seconds / memorySeconds);
  const mix = (old: number, seen: number) => old + share * (seen - old);
  return {
    box: {
      left: mix(thing.box.left, box.left),
      top: mix(thing.box.top, box.top),
      right: mix(thing.box.right, box.right),
      bottom: mix(thing.box.bottom, box.bottom),
    },
    confidence: mix(thing.confidence, confidence),
    lastSeenMs: mediaTimeMs,
  };
}

export function keepThings(
  things: readonly SceneryThing[],
  mediaTimeMs: number,
): readonly SceneryThing[] {
  return things
    .filter((thing) => mediaTimeMs - thing.lastSeenMs <= forgetSeconds * 1000)
    .slice(-greatestCount);
}
