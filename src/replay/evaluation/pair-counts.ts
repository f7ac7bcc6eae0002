/** Sums kept for pairs of a true and a found id. */
export type PairCounts = Readonly<{
  add: (trueId: number, foundId: number, amount: number) => void;
  of: (trueId: number, foundId: number) => number;
  entries: () => readonly Readonly<{ trueId: number; foundId: number; sum: number }>[];
}>;

export function createPairCounts(): PairCounts {
  const sums = new Map<string, { trueId: number; foundId: number; sum: number }>();
  return {
    add: (trueId, foundId, amount) => {
      const key = `${trueId}/${foundId}`;
      const entry = sums.get(key);
      if (entry === undefined) sums.set(key, { trueId, foundId, sum: amount });
      else entry.sum += amount;
    },
    of: (trueId, foundId) => sums.get(`${trueId}/${foundId}`)?.sum ?? 0,
    entries: () => [...sums.values()],
  };
}
