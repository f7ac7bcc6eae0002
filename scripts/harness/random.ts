/** Random numbers that come again with the same seed (mulberry32), so that a run can be repeated. */

export type Random = Readonly<{
  /** 0 <= x < 1. */
  next: () => number;
  between: (least: number, most: number) => number;
  /** 0 <= x < limit, whole. */
  below: (limit: number) => number;
  shuffled: <Item>(items: readonly Item[]) => readonly Item[];
}>;

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (least, most) => least + next() * (most - least),
    below: (limit) => Math.floor(next() * limit),
    shuffled: (items) => {
      const left = [...items];
      return items.flatMap(() => left.splice(Math.floor(next() * left.length), 1));
    },
  };
}
