/** What a run of simulated edges measured, and percentiles of it. */

export type LoadFigures = Readonly<{
  edges: number;
  eventsPerSecond: number;
  eventToFeedP95Ms: number;
  /** Of the collector, at the end. */
  rssMb: number;
  cameras: number;
  eventToFeedP50Ms: number;
  eventToFeedMaxMs: number;
  /** Of the collector: the middle of the last third of the run less that of the middle third. */
  rssGrowthMb: number;
  /** Percent of one core. */
  collectorCpu: number;
  brokerCpu: number;
  sent: number;
  acknowledged: number;
  measuredOnFeed: number;
}>;

/** 0 when there is nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export function growth(samples: readonly number[]): number {
  const third = Math.floor(samples.length / 3);
  if (third === 0) return 0;
  return percentile(samples.slice(-third), 0.5) - percentile(samples.slice(third, 2 * third), 0.5);
}

export function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
