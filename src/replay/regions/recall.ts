/** How many of the true people the detections show, one detection for one person. */
import type { Box } from '../../contract/shape.ts';
import type { Detection } from '../../edge/detector/detection.ts';
import { iou } from '../../edge/geometry/iou.ts';
import { bestPairs } from '../evaluation/best-pairs.ts';

export type RecallCount = { people: number; found: number; wrong: number };

const leastOverlap = 0.5;
const leastConfidence = 0.3;

/** Adds one frame. */
export function countFrame(
  count: RecallCount,
  people: readonly Box[],
  detections: readonly Detection[],
): void {
  const sure = detections.filter(
    ({ label, confidence }) => label === 'person' && confidence >= leastConfidence,
  );
  const overlaps = people.map((box) =>
    sure.map((detection) => {
      const overlap = iou(box, detection.box);
      return overlap >= leastOverlap ? overlap : 0;
    }),
  );
  const found = bestPairs(overlaps).length;
  count.people += people.length;
  count.found += found;
  count.wrong += sure.length - found;
}
