/**
 * Comparing the looks of a track that is being watched with those of tracks that have ended. The watched one's newest look
 * changes with every sighting, those before it hardly ever: they are compared once. A watched track on a busy camera has
 * hundreds of them, so they are columns of numbers and not objects.
 */
import type { Look } from './look.ts';
import { type LooksOutline, likenessToOutline } from './looks-outline.ts';

export type Comparisons = Readonly<{
  /**
   * How alike the looks are to those of the track that has ended; too small to matter comes as 0. Asked again with the same
   * `atSeconds` the answer is the same, whatever the looks are by then.
   */
  likeness: (
    looks: readonly Look[],
    other: Readonly<{ trackId: number; outline: LooksOutline | undefined }>,
    atSeconds: number,
  ) => number;
  /** With how many. */
  size: () => number;
}>;

/** Columns of a row: `settled` is how many looks before the newest were compared, `best` the greatest similarity of them. */
const asked = 0;
const similarity = 1;
const settled = 2;
const best = 3;
const columns = 4;

export function startComparisons(): Comparisons {
  const rows = new Map<number, number>();
  let numbers = new Float64Array(8 * columns);
  /** The newest of those that were settled, by row. */
  const lastSettled: (Look | undefined)[] = [];

  const rowOf = (trackId: number): number => {
    const known = rows.get(trackId);
    if (known !== undefined) return known;
    const row = rows.size;
    rows.set(trackId, row);
    if ((row + 1) * columns > numbers.length) {
      const wider = new Float64Array(2 * numbers.length);
      wider.set(numbers);
      numbers = wider;
    }
    numbers[row * columns + asked] = -1;
    lastSettled.push(undefined);
    return row;
  };
  const compare = (row: number, looks: readonly Look[], outline: LooksOutline): number => {
    const from = row * columns;
    const old = Math.max(0, looks.length - 1);
    const before = numbers[from + settled] ?? 0;
    const isAsBefore = before <= old && looks[before - 1] === lastSettled[row];
    let most = isAsBefore ? (numbers[from + best] ?? 0) : 0;
    for (const look of looks.slice(isAsBefore ? before : 0, old))
      most = Math.max(most, likenessToOutline(look, outline));
    numbers[from + settled] = old;
    numbers[from + best] = most;
    lastSettled[row] = looks[old - 1];
    const newest = looks[old];
    return newest === undefined ? most : Math.max(most, likenessToOutline(newest, outline));
  };
  return {
    likeness: (looks, { trackId, outline }, atSeconds) => {
      if (outline === undefined) return 0;
      const row = rowOf(trackId);
      const from = row * columns;
      if (numbers[from + asked] === atSeconds) return numbers[from + similarity] ?? 0;
      const found = compare(row, looks, outline);
      numbers[from + asked] = atSeconds;
      numbers[from + similarity] = found;
      return found;
    },
    size: () => rows.size,
  };
}
