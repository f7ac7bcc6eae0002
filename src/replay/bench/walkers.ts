/**
 * People who walk about before a camera that is not there: detections as the detector would make them, with noise on the
 * boxes, misses and appearance vectors of the real length. The same seed gives the same people. Pure.
 */
import type { Box } from '../../contract/shape.ts';
import type { Detection } from '../../edge/detector/detection.ts';

export type WalkerSettings = Readonly<{
  seed: number;
  people: number;
  /**
   * `stay` within the picture; `come-and-go`: leave it now and then, one in three is somebody new when coming back;
   * `pass-through`: whoever leaves is followed by somebody new, as in a busy street.
   */
  habit: 'stay' | 'come-and-go' | 'pass-through';
}>;

/** Time must not go back. */
export type Walkers = Readonly<{ detectionsAt: (mediaTimeMs: number) => readonly Detection[] }>;

/** Colours of three stripes, 8 x 5 x 5 bins each, and 24 channels of three stripes. */
export const appearanceLength = 3 * (8 * 5 * 5 + 24);
/** Looks of one person from frame to frame: pose, light, what is behind. */
const looksOfPerson = 4;
const missedShare = 0.05;
const noiseHeights = 0.02;

type Walker = {
  looks: readonly Float32Array[];
  height: number;
  from: readonly [x: number, y: number];
  to: readonly [x: number, y: number];
  startMs: number;
  endMs: number;
};

export function createWalkers({ seed, people, habit }: WalkerSettings): Walkers {
  const random = createRandom(seed);
  const walkers: Walker[] = Array.from({ length: people }, () => {
    const looks = looksOfSomebody(random);
    const at = placeInPicture(random);
    return { looks, height: 0.12 + 0.1 * random(), from: at, to: at, startMs: 0, endMs: 0 };
  });
  return {
    detectionsAt: (mediaTimeMs) =>
      walkers.flatMap((walker) => {
        if (mediaTimeMs >= walker.endMs) setOff(walker, mediaTimeMs, habit, random);
        const isMissed = random() < missedShare;
        return isMissed || mediaTimeMs < walker.startMs
          ? []
          : detectionOf(walker, mediaTimeMs, random);
      }),
  };
}

/** How often a walk leads out of the picture, and how often somebody new comes back in. */
const habits = {
  stay: { leaves: 0, isNew: 0, waitMs: 0 },
  'come-and-go': { leaves: 0.4, isNew: 1 / 3, waitMs: 30_000 },
  'pass-through': { leaves: 1, isNew: 1, waitMs: 0 },
} as const;

/** Walks on to somewhere else; who leaves is away for a while, and steps in again at an edge. */
function setOff(
  walker: Walker,
  nowMs: number,
  habit: WalkerSettings['habit'],
  random: () => number,
): void {
  const { leaves, isNew, waitMs: longestMs } = habits[habit];
  const isOutside = !isInside(walker.to);
  if (isOutside && random() < isNew) walker.looks = looksOfSomebody(random);
  const waitMs = isOutside ? longestMs / 6 + longestMs * random() : 0;
  walker.from = isOutside ? placeOutside(random) : walker.to;
  walker.to = random() < leaves ? placeOutside(random) : placeInPicture(random);
  walker.startMs = nowMs + waitMs;
  // Walking is eight tenths of a box height a second.
  const way = Math.hypot(walker.to[0] - walker.from[0], walker.to[1] - walker.from[1]);
  walker.endMs = walker.startMs + 500 + (way / (0.8 * walker.height)) * 1000;
}

function detectionOf(
  { from, to, startMs, endMs, height, looks }: Walker,
  nowMs: number,
  random: () => number,
): readonly Detection[] {
  const share = (nowMs - startMs) / (endMs - startMs);
  const noise = () => (random() - 0.5) * 2 * noiseHeights * height;
  const x = from[0] + (to[0] - from[0]) * share + noise();
  const bottom = from[1] + (to[1] - from[1]) * share + noise();
  const box = { left: x - height / 6, top: bottom - height, right: x + height / 6, bottom };
  if (!isInside([x, bottom])) return [];
  const appearance = looks[Math.floor(random() * looks.length)] ?? new Float32Array();
  return [{ box: cut(box), label: 'person', confidence: 0.55 + 0.4 * random(), appearance }];
}

/** Cosines as the detector gives them: about 0.6 between strangers, who are all people, and 0.9 from frame to frame. */
function looksOfSomebody(random: () => number): readonly Float32Array[] {
  const own = mixed([everybody, 0.77], [clothes(random), 0.58]);
  return Array.from({ length: looksOfPerson }, () => mixed([own, 1], [clothes(random), 0.3]));
}

/** Fill few of the bins. */
function clothes(random: () => number): Float32Array {
  return Float32Array.from({ length: appearanceLength }, () => (random() < 0.1 ? random() : 0));
}

const everybody = clothes(createRandom(0));

type Part = readonly [vector: Float32Array, weight: number];

function mixed(...parts: readonly Part[]): Float32Array {
  const units = parts.map(([vector, weight]) => [unit(vector), weight] as const);
  return unit(
    Float32Array.from({ length: appearanceLength }, (_, at) =>
      units.reduce((sum, [vector, weight]) => sum + weight * (vector[at] ?? 0), 0),
    ),
  );
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return vector.map((value) => value / length);
}

type Place = readonly [x: number, y: number];

function placeInPicture(random: () => number): Place {
  return [0.1 + 0.8 * random(), 0.3 + 0.65 * random()];
}

function placeOutside(random: () => number): Place {
  return [random() < 0.5 ? -0.1 : 1.1, 0.3 + 0.65 * random()];
}

function isInside([x, y]: Place): boolean {
  return x > 0 && x < 1 && y > 0 && y < 1;
}

function cut({ left, top, right, bottom }: Box): Box {
  return {
    left: Math.max(0, left),
    top: Math.max(0, top),
    right: Math.min(1, right),
    bottom: Math.min(1, bottom),
  };
}

/** Mulberry32: 32 bits of state, even enough for people who do not exist. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
