/** Cuts a rectangle into tiles, one for each weight, in rows or columns, so that they come near to a pleasant shape. Pure. */

export type Area = Readonly<{ left: number; top: number; width: number; height: number }>;

/** The tiles in the order of the weights; `shape` is the width over height that they should come near to. */
export function tileAreas(
  weights: readonly number[],
  whole: Area,
  gap: number,
  shape: number,
): readonly Area[] {
  const choices = weights.map((_, index) => inColumns(weights, whole, gap, index + 1));
  return choices.reduce(
    (best, one) => (badness(one, shape) < badness(best, shape) ? one : best),
    choices[0] ?? [],
  );
}

function inColumns(
  weights: readonly number[],
  whole: Area,
  gap: number,
  count: number,
): readonly Area[] {
  const columns = split(weights, count);
  const widths = shares(columns.map(sum), whole.width, gap);
  return columns.flatMap((column, index) => {
    const width = widths[index]?.length ?? 0;
    const left = whole.left + (widths[index]?.from ?? 0);
    return shares(column, whole.height, gap).map(({ from, length }) => ({
      left,
      top: whole.top + from,
      width,
      height: length,
    }));
  });
}

/** Neighbours stay together; a column ends where the next weight would bring it farther from its share. */
function split(weights: readonly number[], count: number): readonly (readonly number[])[] {
  const columns: number[][] = [[]];
  const share = sum(weights) / count;
  for (const weight of weights) {
    const last = columns.at(-1) ?? [];
    const isFull = last.length > 0 && sum(last) + weight / 2 > share;
    if (isFull && columns.length < count) columns.push([weight]);
    else last.push(weight);
  }
  return columns;
}

function shares(weights: readonly number[], length: number, gap: number) {
  const free = Math.max(0, length - gap * (weights.length - 1));
  const total = sum(weights);
  let from = 0;
  return weights.map((weight) => {
    const part = { from, length: (free * weight) / total };
    from += part.length + gap;
    return part;
  });
}

/** How far the tiles are from the shape, the worst one most of all. */
function badness(tiles: readonly Area[], shape: number): number {
  const far = tiles.map(({ width, height }) =>
    width > 0 && height > 0 ? Math.abs(Math.log(width / height / shape)) : 100,
  );
  return sum(far.map((one) => one * one));
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, one) => total + one, 0);
}
