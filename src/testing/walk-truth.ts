/**
 * Which crossings of a wire a walk truly contains, read off its noiseless path, and whether what was told is that.
 * Pixels and milliseconds.
 */
export type Spot = Readonly<{ x: number; y: number }>;
export type Walker = Readonly<{ heightPx: number; at: (atMs: number) => Spot }>;
export type Walk = Readonly<{ wire: readonly [Spot, Spot]; walkers: readonly Walker[] }>;
export type TrueCrossing = Readonly<{ direction: 'a-to-b' | 'b-to-a'; atMs: number }>;
export type ToldCrossing = TrueCrossing & Readonly<{ spot: Spot }>;

/** A walk's whole length. */
export const walkMs = 30_000;
/** The truth is read off the noiseless path at this pace. */
const truthMs = 20;
/** A crossing that is told so much later or earlier is another one. */
const sameCrossingMs = 1500;

/** The rule as it stands, and as it would stand if it were a little different. */
type TruthSettings = Readonly<{ bandHeights: number; longerByPx: number }>;
const asItStands: TruthSettings = { bandHeights: 0.1, longerByPx: 0 };

/**
 * Settled on a side: beyond the band (0.1 heights) for 0.3 s without a break, or 0.2 heights beyond the band at any moment.
 * A crossing: settled on one side, next settled on the other, and the path between the two meets the drawn segment.
 */
export function trueCrossings(
  walker: Walker,
  wire: Walk['wire'],
  { bandHeights, longerByPx }: TruthSettings = asItStands,
): readonly TrueCrossing[] {
  const [start, end] = lengthened(wire, longerByPx);
  const length = Math.hypot(end.x - start.x, end.y - start.y);
  const crossings: TrueCrossing[] = [];
  let settled: 'a' | 'b' | undefined;
  let towards: 'a' | 'b' | undefined;
  let sinceMs = 0;
  let hasMet = false;
  let before = walker.at(0);
  for (let atMs = 0; atMs <= walkMs; atMs += truthMs) {
    const spot = walker.at(atMs);
    hasMet ||= meets([before, spot], [start, end]);
    before = spot;
    const away = turn(start, end, spot) / length / walker.heightPx;
    const side = sideAt(away, bandHeights);
    if (side !== towards) sinceMs = atMs;
    towards = side;
    const isSettled = Math.abs(away) >= bandHeights + 0.2 || atMs - sinceMs >= 300;
    if (side === undefined || !isSettled) continue;
    if (settled !== undefined && settled !== side && hasMet)
      crossings.push({ direction: side === 'b' ? 'a-to-b' : 'b-to-a', atMs });
    settled = side;
    hasMet = false;
  }
  return crossings;
}

/**
 * Whether the truth would be the same with a wire that is shorter or longer by `marginPx` at its ends, and with a band
 * that is narrower or wider by as much: what hangs on less than the noise has a truth, but nobody can see it.
 */
export function isDecided(walker: Walker, wire: Walk['wire'], marginPx: number): boolean {
  const crossings = (settings: TruthSettings) =>
    trueCrossings(walker, wire, settings)
      .map(({ direction }) => direction)
      .join();
  const margin = marginPx / walker.heightPx;
  const bands = [asItStands.bandHeights - margin, asItStands.bandHeights + margin];
  return bands
    .flatMap((bandHeights) =>
      [-marginPx, marginPx].map((longerByPx) => ({
        bandHeights: Math.max(0, bandHeights),
        longerByPx,
      })),
    )
    .every((settings) => crossings(settings) === crossings(asItStands));
}

function sideAt(awayHeights: number, bandHeights: number): 'a' | 'b' | undefined {
  if (Math.abs(awayHeights) <= bandHeights) return undefined;
  return awayHeights < 0 ? 'a' : 'b';
}

function lengthened([start, end]: Walk['wire'], byPx: number): Walk['wire'] {
  const length = Math.hypot(end.x - start.x, end.y - start.y);
  const by = { x: ((end.x - start.x) / length) * byPx, y: ((end.y - start.y) / length) * byPx };
  return [
    { x: start.x - by.x, y: start.y - by.y },
    { x: end.x + by.x, y: end.y + by.y },
  ];
}

/**
 * What was told against what is true: each told crossing belongs to the true one of its direction that is nearest in time,
 * whoever's it is; what is left over belongs to who was nearest in place. Answers for each walker whether all is right.
 */
export function judgeWalk(walk: Walk, told: readonly ToldCrossing[]): readonly boolean[] {
  const truth = walk.walkers.flatMap((walker, index) =>
    trueCrossings(walker, walk.wire).map((crossing) => ({ ...crossing, index, isTold: false })),
  );
  const isRight = walk.walkers.map(() => true);
  for (const { direction, atMs, spot } of told) {
    const open = truth
      .filter((one) => one.direction === direction && !one.isTold)
      .map((one) => ({ one, awayMs: Math.abs(one.atMs - atMs) }))
      .filter(({ awayMs }) => awayMs <= sameCrossingMs)
      .sort((a, b) => a.awayMs - b.awayMs)[0];
    if (open !== undefined) open.one.isTold = true;
    else isRight[nearestTo(walk, spot, atMs)] = false;
  }
  for (const { index, isTold } of truth) if (!isTold) isRight[index] = false;
  return isRight;
}

function nearestTo({ walkers }: Walk, spot: Spot, atMs: number): number {
  const away = walkers.map(({ at }) => Math.hypot(at(atMs).x - spot.x, at(atMs).y - spot.y));
  return away.indexOf(Math.min(...away));
}

function turn(start: Spot, end: Spot, spot: Spot): number {
  return (end.x - start.x) * (spot.y - start.y) - (end.y - start.y) * (spot.x - start.x);
}

function meets([a, b]: readonly [Spot, Spot], [c, d]: readonly [Spot, Spot]): boolean {
  return turn(c, d, a) * turn(c, d, b) < 0 && turn(a, b, c) * turn(a, b, d) < 0;
}
