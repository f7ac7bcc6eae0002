/** Greedy non-maximum suppression within each class: of two boxes that overlap much, the less sure one goes. */
import { iou } from '../geometry/iou.ts';
import type { RawDetection } from './raw-detection.ts';

/** The survivors, surest first. */
export function suppress(
  candidates: readonly RawDetection[],
  largestOverlap: number,
): readonly RawDetection[] {
  const kept: RawDetection[] = [];
  const surestFirst = [...candidates].sort((a, b) => b.confidence - a.confidence);
  for (const candidate of surestFirst) {
    const isDouble = kept.some(
      (other) =>
        other.classIndex === candidate.classIndex && iou(other.box, candidate.box) > largestOverlap,
    );
    if (!isDouble) kept.push(candidate);
  }
  return kept;
}
