/**
 * The way through the band of a wire, from the last sighting before it to the first beyond it. Feet tremble from sighting to
 * sighting, and who walks along a wire at a small angle would seem to cross it wherever a box was off: taken together, the
 * sightings of a way that took a moment only lie on a straight line (least squares), and that line says where it was crossed.
 */
import type { Glimpse } from './step.ts';

/** Sums over the sightings so far; times are seconds since the first. Changed in place. */
export type Passage = {
  fromMs: number;
  count: number;
  t: number;
  tt: number;
  x: number;
  y: number;
  tx: number;
  ty: number;
  xx: number;
  yy: number;
};

/** Straight and even from `from` at `fromMs` to `to` at `toMs`. */
export type StraightWay = Readonly<{
  fromX: number;
  fromY: number;
  fromMs: number;
  toX: number;
  toY: number;
  toMs: number;
}>;

export function startPassage(glimpse: Glimpse): Passage {
  const sums = { count: 0, t: 0, tt: 0, x: 0, y: 0, tx: 0, ty: 0, xx: 0, yy: 0 };
  const passage = { fromMs: glimpse.mediaTimeMs, ...sums };
  addToPassage(passage, glimpse);
  return passage;
}

/** Begins anew with this sighting. */
export function restartPassage(passage: Passage, { x, y, mediaTimeMs }: Glimpse): void {
  passage.fromMs = mediaTimeMs;
  passage.count = 1;
  passage.t = 0;
  passage.tt = 0;
  passage.x = x;
  passage.y = y;
  passage.tx = 0;
  passage.ty = 0;
  passage.xx = x * x;
  passage.yy = y * y;
}

export function addToPassage(passage: Passage, { x, y, mediaTimeMs }: Glimpse): void {
  const seconds = (mediaTimeMs - passage.fromMs) / 1000;
  passage.count += 1;
  passage.t += seconds;
  passage.tt += seconds * seconds;
  passage.x += x;
  passage.y += y;
  passage.tx += seconds * x;
  passage.ty += seconds * y;
  passage.xx += x * x;
  passage.yy += y * y;
}

export function straightWay(passage: Passage, toMs: number): StraightWay {
  const { fromMs, count, t, tt, x, y, tx, ty } = passage;
  const spread = count * tt - t * t;
  const paceX = spread > 0 ? (count * tx - t * x) / spread : 0;
  const paceY = spread > 0 ? (count * ty - t * y) / spread : 0;
  const [fromX, fromY] = [(x - paceX * t) / count, (y - paceY * t) / count];
  const seconds = (toMs - fromMs) / 1000;
  return { fromX, fromY, fromMs, toX: fromX + paceX * seconds, toY: fromY + paceY * seconds, toMs };
}

/** How far off the sightings are from the straight way: root mean square, in picture heights. */
export function unevenness(passage: Passage, aspectRatio: number): number {
  const { count, t, tt, x, y, tx, ty, xx, yy } = passage;
  const spread = tt - (t * t) / count;
  const left = (sum: number, squares: number, product: number): number => {
    const along = product - (t * sum) / count;
    return squares - (sum * sum) / count - (spread > 0 ? (along * along) / spread : 0);
  };
  const squares = left(x, xx, tx) * aspectRatio * aspectRatio + left(y, yy, ty);
  return Math.sqrt(Math.max(0, squares) / count);
}
