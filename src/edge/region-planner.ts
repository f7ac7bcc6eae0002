/**
 * Chooses which parts of a large picture the detector looks at closely. In the whole picture, shrunk to the model's size,
 * somebody far away is a few pixels tall; in a crop at the model's own scale he is not. Crops lie around small things that
 * move and small people who are followed; those who were not looked at for longest come first, followed people before
 * motion, people near a rule before the others. Where nothing moves, one crop after another sweeps over the picture, so
 * that whoever stands still is found as well; while the scene is new and nobody knows what moves in it, several at each look.
 * Pure but for its memory of when which part was looked at.
 */
import type { Box } from '../contract/shape.ts';
import { createSeenGrid, createTileSearch } from './tile-search.ts';

export type RegionSettings = Readonly<{
  /** The model's input, in pixels. */
  input: Readonly<{ width: number; height: number }>;
  /** Frames that are narrower are looked at as a whole only. */
  leastWidth: number;
  /** Crops for one look; 3 unless told. */
  mostCrops?: number;
  /** How much larger things are in a crop than in the camera's own picture; 1.5 unless told. */
  zoom?: number;
  /** How long a sweep over the whole picture takes, at the model's own scale; 10 unless told. */
  sweepSeconds?: number;
}>;

export type Followed = Readonly<{ box: Box; isNearRule: boolean }>;

type Situation = Readonly<{
  mediaTimeMs: number;
  motion: readonly Box[];
  followed: readonly Followed[];
  /** Nobody knows yet what moves: the whole picture is looked at closely, part after part. */
  isLearning?: boolean;
}>;

export type RegionPlanner = Readonly<{
  /** True when the sweep has a crop due: worth a look of its own. */
  isSweepDue: (mediaTimeMs: number) => boolean;
  /** Crops for the look that is made now, of the model's shape, in shares of the picture; taken as looked at. */
  plan: (situation: Situation) => readonly Box[];
}>;

/** Whoever is at least so many pixels tall in the whole picture at the model's size is seen well enough there. */
const clearPixels = 40;
/** Room around a target, in shares of the crop: strides until the look, and heads of those whose legs move. */
const roomAround = 0.08;
/** How urgent a millisecond of waiting is. */
const urgency = { nearRule: 4, followed: 2, motion: 1 } as const;
/** In frames that were shrunk more than that, nothing is gained by making it larger again. */
const mostZoom = 2.5;
/** While the scene is learned a look may take so many times as many crops: that is over in two seconds. */
const learningShare = 2;

type Target = Readonly<{ box: Box; weight: number }>;
type Size = Readonly<{ width: number; height: number }>;
type Cluster = { box: Box; score: number };

/** `frame` is the size of the frames in pixels, `sourceWidth` the camera's own when they were shrunk. */
export function createRegionPlanner(
  frame: Size & Readonly<{ sourceWidth?: number }>,
  settings: RegionSettings,
): RegionPlanner {
  const { input, mostCrops = 3, zoom = 1.5, sweepSeconds = 10 } = settings;
  const sizeAt = (scale: number): Size => ({
    width: Math.min(1, input.width / scale / frame.width),
    height: Math.min(1, input.height / scale / frame.height),
  });
  const shrunk = (frame.sourceWidth ?? frame.width) / frame.width;
  const crop = sizeAt(Math.min(mostZoom, zoom * shrunk));
  const wholeScale = Math.min(input.width / frame.width, input.height / frame.height);
  const isSmall = (box: Box): boolean =>
    (box.bottom - box.top) * frame.height * wholeScale < clearPixels;
  const seen = createSeenGrid();
  const search = createTileSearch(seen, {
    // The sweep is there to find, and has more than one chance: it costs less at the model's own scale.
    sweepTile: sizeAt(1),
    sweepSeconds,
    exploreTile: sizeAt(Math.min(mostZoom, shrunk)),
  });

  return {
    isSweepDue: search.isSweepDue,
    plan: ({ mediaTimeMs, motion, followed, isLearning = false }) => {
      const targets: readonly Target[] = [
        ...followed.map(({ box, isNearRule }) => ({
          box,
          weight: isNearRule ? urgency.nearRule : urgency.followed,
        })),
        ...motion
          .flatMap((box) => pieces(box, crop))
          .map((box) => ({ box, weight: urgency.motion })),
      ].filter(({ box }) => isSmall(box));
      const scoreOf = ({ box, weight }: Target): number =>
        weight * Math.min(60_000, seen.waitedAtMs(box, mediaTimeMs));
      const chosen = clustered(targets, crop, scoreOf)
        .sort((a, b) => b.score - a.score)
        .slice(0, mostCrops)
        .map(({ box }) => around(box, crop));
      for (const box of chosen) seen.mark(box, mediaTimeMs);
      if (isLearning) {
        const left = learningShare * mostCrops - chosen.length;
        return [...chosen, ...search.explore(mediaTimeMs, left)];
      }
      const swept = search
        .sweep(mediaTimeMs)
        .filter((tile) => !chosen.some((box) => isSame(box, tile)));
      for (const box of swept) seen.mark(box, mediaTimeMs);
      return [...chosen, ...swept];
    },
  };
}

/** Motion wider than a crop, as of people in a row, in parts that fit. */
function pieces(box: Box, crop: Size): readonly Box[] {
  const fitting = crop.width * (1 - 2 * roomAround);
  const count = Math.max(1, Math.ceil((box.right - box.left) / fitting));
  const width = (box.right - box.left) / count;
  return Array.from({ length: count }, (_, at) => ({
    ...box,
    left: box.left + at * width,
    right: box.left + (at + 1) * width,
  }));
}

/** Targets that fit into one crop together, the most urgent ones gathering the others around them. */
function clustered(
  targets: readonly Target[],
  crop: Size,
  scoreOf: (target: Target) => number,
): Cluster[] {
  const scored = targets
    .map((target) => ({ box: target.box, score: scoreOf(target) }))
    .sort((a, b) => b.score - a.score);
  const clusters: Cluster[] = [];
  for (const { box, score } of scored) {
    const home = clusters.find((cluster) => fits(union(cluster.box, box), crop));
    if (home === undefined) clusters.push({ box, score });
    else Object.assign(home, { box: union(home.box, box), score: home.score + score / 4 });
  }
  return clusters;
}

function fits(box: Box, crop: Size): boolean {
  const share = 1 - 2 * roomAround;
  return box.right - box.left <= crop.width * share && box.bottom - box.top <= crop.height * share;
}

function union(a: Box, b: Box): Box {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

/** A crop around the middle of the box, within the picture. */
function around(box: Box, { width, height }: Size): Box {
  const left = Math.max(0, Math.min(1 - width, (box.left + box.right - width) / 2));
  const top = Math.max(0, Math.min(1 - height, (box.top + box.bottom - height) / 2));
  return { left, top, right: left + width, bottom: top + height };
}

function isSame(a: Box, b: Box): boolean {
  return Math.abs(a.left - b.left) + Math.abs(a.top - b.top) < 0.01;
}
