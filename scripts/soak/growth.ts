/** How fast figures grow, by Theil and Sen: the median of the slopes between all pairs, which stray values do not move. Pure. */

export type Sample = Readonly<{ atMs: number; value: number }>;

/** Per minute; 0 for fewer than two samples. */
export function growthPerMinute(samples: readonly Sample[]): number {
  const slopes = samples.flatMap((later, at) =>
    samples
      .slice(0, at)
      .filter((earlier) => earlier.atMs !== later.atMs)
      .map((earlier) => ((later.value - earlier.value) * 60_000) / (later.atMs - earlier.atMs)),
  );
  return median(slopes) ?? 0;
}

export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
