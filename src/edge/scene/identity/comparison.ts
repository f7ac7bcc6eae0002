/**
 * Comparing the looks of a track that is being watched with those of one that has ended. The watched one's newest look
 * changes with every sighting, those before it hardly ever: they are compared once.
 */
import { similarityOf } from '../tracking/appearance.ts';
import { type Look, likenessOfLook } from './look.ts';
import type { LooksOutline } from './looks-outline.ts';

/** `settled` are the looks before the newest, `settledBest` the greatest similarity among them. Changed in place. */
export type Comparison = {
  atSeconds: number;
  similarity: number;
  settled: number;
  lastSettled: Look | undefined;
  settledBest: number;
};

type Compared = Readonly<{ looks: readonly Look[]; outline: LooksOutline | undefined }>;

export function startComparison(): Comparison {
  return { atSeconds: -1, similarity: 0, settled: 0, lastSettled: undefined, settledBest: 0 };
}

/** Similarities too small to matter come as 0 where there is an outline. */
export function compareLooks(
  comparison: Comparison,
  looks: readonly Look[],
  other: Compared,
  atSeconds: number,
): number {
  const settled = Math.max(0, looks.length - 1);
  const isAsBefore =
    comparison.settled <= settled && looks[comparison.settled - 1] === comparison.lastSettled;
  if (!isAsBefore) comparison.settledBest = 0;
  for (let at = isAsBefore ? comparison.settled : 0; at < settled; at += 1) {
    comparison.settledBest = Math.max(comparison.settledBest, likenessTo(looks[at], other));
  }
  comparison.settled = settled;
  comparison.lastSettled = looks[settled - 1];
  comparison.atSeconds = atSeconds;
  comparison.similarity = Math.max(comparison.settledBest, likenessTo(looks[settled], other));
  return comparison.similarity;
}

function likenessTo(look: Look | undefined, { looks, outline }: Compared): number {
  if (look === undefined) return 0;
  const isFar =
    outline !== undefined &&
    outline.mean.length === look.mean.length &&
    similarityOf(look.mean, outline.mean) < outline.least;
  return isFar ? 0 : likenessOfLook(look, looks);
}
