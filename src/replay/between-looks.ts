/**
 * Where tracks were in frames that the detector did not look at: between two looks one after the other, each of which saw
 * the track, the way is taken to have been straight and even. Pure.
 */
import type { Box } from '../contract/shape.ts';

type Seen = Readonly<{ frame: number; trackId: number; box: Box; confidence: number }>;

/** `looked` and `skipped` are frame numbers, in order. */
export function fillBetweenLooks<Entry extends Seen>(
  entries: readonly Entry[],
  looked: readonly number[],
  skipped: readonly number[],
): readonly Entry[] {
  if (skipped.length === 0) return entries;
  const orderOf = new Map(looked.map((frame, at) => [frame, at]));
  const lastOf = new Map<number, Entry>();
  const between: Entry[] = [];
  for (const entry of [...entries].sort((a, b) => a.frame - b.frame)) {
    const before = lastOf.get(entry.trackId);
    lastOf.set(entry.trackId, entry);
    if (before === undefined || !follow(orderOf, before.frame, entry.frame)) continue;
    for (const frame of skipped) {
      if (frame <= before.frame || frame >= entry.frame) continue;
      const share = (frame - before.frame) / (entry.frame - before.frame);
      between.push({ ...entry, frame, box: boxBetween(before.box, entry.box, share) });
    }
  }
  return [...entries, ...between];
}

function follow(orderOf: ReadonlyMap<number, number>, before: number, after: number): boolean {
  return (orderOf.get(after) ?? 0) - (orderOf.get(before) ?? 0) === 1;
}

function boxBetween(from: Box, to: Box, share: number): Box {
  const mix = (a: number, b: number): number => a + share * (b - a);
  return {
    left: mix(from.left, to.left),
    top: mix(from.top, to.top),
    right: mix(from.right, to.right),
    bottom: mix(from.bottom, to.bottom),
  };
}
