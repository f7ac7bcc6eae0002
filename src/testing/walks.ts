/**
 * Random walks in a picture of 768x576 before a random tripwire, and what a detector makes of them. All of it follows
 * from the seed. Pixels and milliseconds.
 */
import type { Point } from '../contract/shape.ts';
import type { Detection } from '../edge/detector/detection.ts';
import { isDecided, type Spot, type Walk, type Walker, walkMs } from './walk-truth.ts';

export const walkPicture = { width: 768, height: 576 };
/** How long it takes to turn round, or to stop. */
const turnMs = 800;
const turnSamples = 9;
/** Everybody is looked at before and after the walk: what nobody could see is not asked for. */
const stillMs = 2000;

/** Without looks nobody can be told from anybody by an appearance vector. */
export type DetectorFaults = Readonly<{ droppedShare: number; noisePx: number; looks?: boolean }>;
export type WalkFrame = Readonly<{ atMs: number; detections: readonly Detection[] }>;
export type Random = () => number;

/** Mulberry32 (Tommy Ettinger, public domain): 0 to 1, the same for the same seed. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * A wire somewhere in the picture, and people who walk from place to place, at times stand still, and cross it or not.
 * With `marginPx` everybody's truth is decided by so much.
 */
export function randomWalk(random: Random, people: number, marginPx = 0): Walk {
  const wire = randomWire(random);
  const walkers = Array.from({ length: people }, () => {
    let walker = randomWalker(random, wire);
    while (marginPx > 0 && !isDecided(walker, wire, marginPx)) walker = randomWalker(random, wire);
    return walker;
  });
  return { wire, walkers };
}

/** What the detector sees: a few times a second, shaken, with holes, and not who stands behind another. */
export function detect(
  { walkers }: Walk,
  random: Random,
  framesPerSecond: number,
  { droppedShare, noisePx, looks = false }: DetectorFaults,
  durationMs = walkMs,
): readonly WalkFrame[] {
  const lookOf = looks ? createLooks(walkers) : () => undefined;
  const frames = Math.floor((durationMs * framesPerSecond) / 1000);
  return Array.from({ length: frames }, (_, index) => {
    const atMs = Math.round((index * 1000) / framesPerSecond);
    const places = walkers.map((walker) => ({ walker, spot: walker.at(atMs) }));
    const detections = places
      .filter((one) => !places.some((other) => isHiddenBehind(one, other)))
      .flatMap(({ walker, spot }) => {
        const foot = {
          x: spot.x + gaussian(random) * noisePx,
          y: spot.y + gaussian(random) * noisePx,
        };
        const height = walker.heightPx + gaussian(random) * noisePx;
        const confidence = 0.6 + 0.3 * random();
        const appearance = lookOf(walker);
        const seen = {
          ...detectionAt(foot, height, confidence),
          ...(appearance && { appearance }),
        };
        return random() < droppedShare ? [] : [seen];
      });
    return { atMs, detections };
  });
}

const lookLength = 48;
/** What all people have in common, what is a person's own, and what changes from picture to picture: strangers come to a
 * cosine of 0.7, a person with itself to 0.94, where the vectors of a street by day lie. */
const lookShares = { common: 0.85, own: 0.5, passing: 0.25 } as const;

function createLooks(walkers: readonly Walker[]): (walker: Walker) => Float32Array {
  const random = seededRandom(Math.round((walkers[0]?.heightPx ?? 0) * 1e6));
  const direction = (): Float32Array =>
    unit(Float32Array.from({ length: lookLength }, () => gaussian(random)));
  const common = direction();
  const own = new Map(walkers.map((walker) => [walker, direction()]));
  return (walker) => {
    const [mine, passing] = [own.get(walker), direction()];
    return unit(
      common.map(
        (value, at) =>
          lookShares.common * value +
          lookShares.own * (mine?.[at] ?? 0) +
          lookShares.passing * (passing[at] ?? 0),
      ),
    );
  };
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

export function toFraction({ x, y }: Spot): Point {
  return [x / walkPicture.width, y / walkPicture.height];
}

function detectionAt(foot: Spot, heightPx: number, confidence = 0.8): Detection {
  const halfWidth = heightPx * 0.2;
  const { width, height } = walkPicture;
  return {
    label: 'person',
    confidence,
    box: {
      left: Math.max(0, foot.x - halfWidth) / width,
      right: Math.min(width, foot.x + halfWidth) / width,
      top: Math.max(0, foot.y - heightPx) / height,
      bottom: Math.min(height, foot.y) / height,
    },
  };
}

function randomWire(random: Random): Walk['wire'] {
  const middle = between(random, { x: 250, y: 220 }, { x: 520, y: 420 });
  const angle = random() * 2 * Math.PI;
  const half = 60 + random() * 140;
  const by = { x: Math.cos(angle) * half, y: Math.sin(angle) * half };
  return [
    { x: middle.x - by.x, y: middle.y - by.y },
    { x: middle.x + by.x, y: middle.y + by.y },
  ];
}

type Leg = Readonly<{ fromMs: number; toMs: number; from: Spot; to: Spot }>;

function randomWalker(random: Random, [start, end]: Walk['wire']): Walker {
  const heightPx = 90 + random() * 20;
  const speed = (0.5 + random() * 0.7) * heightPx;
  const legs: Leg[] = [];
  let from = randomSpot(random);
  while (distanceToSegment(from, start, end) < heightPx / 2) from = randomSpot(random);
  const walkUntilMs = walkMs - stillMs;
  for (let fromMs = stillMs; fromMs < walkUntilMs; ) {
    const isStanding = random() < 0.15;
    const to = isStanding ? from : randomSpot(random);
    const tookMs = isStanding
      ? 1000 + random() * 4000
      : (Math.hypot(to.x - from.x, to.y - from.y) / speed) * 1000;
    legs.push(legOf({ fromMs, toMs: fromMs + tookMs, from, to }, walkUntilMs));
    fromMs += tookMs;
    from = to;
  }
  return { heightPx, at: (atMs) => smoothSpot(legs, atMs) };
}

/** Nobody turns on the spot at full speed: the mean over the time that a turn takes. */
function smoothSpot(legs: readonly Leg[], atMs: number): Spot {
  const sum = { x: 0, y: 0 };
  for (let index = 0; index < turnSamples; index += 1) {
    const share = index / (turnSamples - 1) - 0.5;
    const spot = spotOf(legs, Math.max(0, atMs + share * turnMs));
    sum.x += spot.x / turnSamples;
    sum.y += spot.y / turnSamples;
  }
  return sum;
}

/** Cut short where the walk is over. */
function legOf(leg: Leg, untilMs: number): Leg {
  return leg.toMs <= untilMs ? leg : { ...leg, toMs: untilMs, to: along(leg, untilMs) };
}

function spotOf(legs: readonly Leg[], atMs: number): Spot {
  const leg = legs.find(({ toMs }) => atMs <= toMs) ?? legs.at(-1);
  return leg === undefined ? { x: 0, y: 0 } : along(leg, atMs);
}

function along({ fromMs, toMs, from, to }: Leg, atMs: number): Spot {
  const share = toMs === fromMs ? 1 : Math.max(0, Math.min(1, (atMs - fromMs) / (toMs - fromMs)));
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

/** Feet stay so far from the picture's edge that the whole body is in it. */
function randomSpot(random: Random): Spot {
  return between(random, { x: 40, y: 130 }, { x: 728, y: 560 });
}

function between(random: Random, from: Spot, to: Spot): Spot {
  return { x: from.x + random() * (to.x - from.x), y: from.y + random() * (to.y - from.y) };
}

type Placed = Readonly<{ walker: Walker; spot: Spot }>;

/** Nearer to the camera is lower in the picture; of one behind, so much is covered that no detector sees it. */
function isHiddenBehind(one: Placed, other: Placed): boolean {
  if (one === other || other.spot.y <= one.spot.y) return false;
  const wide = 0.4 * one.walker.heightPx;
  const across = Math.max(0, wide - Math.abs(one.spot.x - other.spot.x)) / wide;
  const upright = one.spot.y - (other.spot.y - other.walker.heightPx);
  return across * Math.min(1, upright / one.walker.heightPx) > 0.7;
}

/** Box and Muller 1958. */
function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function distanceToSegment(spot: Spot, start: Spot, end: Spot): number {
  const [dx, dy] = [end.x - start.x, end.y - start.y];
  const along = ((spot.x - start.x) * dx + (spot.y - start.y) * dy) / (dx * dx + dy * dy);
  const share = Math.max(0, Math.min(1, along));
  return Math.hypot(spot.x - start.x - share * dx, spot.y - start.y - share * dy);
}
