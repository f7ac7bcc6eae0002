/**
 * Still things that look a little like people: signs, tripods, posts. What has been seen at one place for seconds,
 * never sure enough to be believed and never moving, is taken for part of the scene, and its detections are kept
 * away from the tracks, so that nobody who walks by leaves a track hanging on a lamp post.
 */
import type { Box } from '../../../contract/shape.ts';
import type { Detection } from '../../detector/detection.ts';
import { iou } from '../../geometry/iou.ts';

export type SceneryThing = Readonly<{
  label: string;
  box: Box;
  confidence: number;
  lastSeenMs: number;
}>;

/** A detection belongs to a thing that it covers this well ... */
const leastOverlap = 0.6;
/** ... and that it does not outshine: a person standing before the sign is surer than the sign. */
const confidenceMargin = 0.15;
/** The light changes over minutes, the box with it. */
const memorySeconds = 10;
/** A thing that has been carried away is forgotten. */
const forgetSeconds = 120;
/** A scene with more of them tells nothing any more; the oldest go first. */
const mostThings = 100;

/** Takes the things' own detections out of a frame; each takes one at most. */
export function takeOutScenery(
  things: readonly SceneryThing[],
  detections: readonly Detection[],
  mediaTimeMs: number,
): Readonly<{ things: readonly SceneryThing[]; others: readonly Detection[] }> {
  const own = new Set<Detection>();
  const seen = things.map((thing) => {
    const detection = detections.find((one) => !own.has(one) && isOf(thing, one));
    if (detection === undefined) return thing;
    own.add(detection);
    return see(thing, detection, mediaTimeMs);
  });
  const oldestMs = mediaTimeMs - forgetSeconds * 1000;
  return {
    things: seen.filter((thing) => thing.lastSeenMs >= oldestMs),
    others: detections.filter((detection) => !own.has(detection)),
  };
}

export function addScenery(
  things: readonly SceneryThing[],
  found: readonly SceneryThing[],
): readonly SceneryThing[] {
  return [...things, ...found].slice(-mostThings);
}

function isOf(thing: SceneryThing, { label, box, confidence }: Detection): boolean {
  return (
    label === thing.label &&
    confidence <= thing.confidence + confidenceMargin &&
    iou(thing.box, box) >= leastOverlap
  );
}

function see(thing: SceneryThing, detection: Detection, mediaTimeMs: number): SceneryThing {
  const share = 1 - Math.exp((thing.lastSeenMs - mediaTimeMs) / 1000 / memorySeconds);
  const mix = (old: number, seen: number) => old + share * (seen - old);
  const { box } = detection;
  return {
    label: thing.label,
    box: {
      left: mix(thing.box.left, box.left),
      top: mix(thing.box.top, box.top),
      right: mix(thing.box.right, box.right),
      bottom: mix(thing.box.bottom, box.bottom),
    },
    confidence: mix(thing.confidence, detection.confidence),
    lastSeenMs: mediaTimeMs,
  };
}
