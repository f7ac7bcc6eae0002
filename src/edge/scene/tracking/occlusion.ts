/** Who hides whom: on level ground the one whose feet are lower in the picture stands in front. */
import type { Box } from '../../../contract/shape.ts';

/** Share of the box (0..1) that the boxes in front of it cover; overlaps among those count once at most by their greatest. */
export function coveredShare(box: Box, others: readonly Box[]): number {
  const area = areaOf(box);
  if (area <= 0) return 0;
  const shares = others
    .filter((other) => other !== box && other.bottom > box.bottom)
    .map((other) => overlapArea(box, other) / area);
  return Math.min(1, Math.max(0, ...shares));
}

/** Share of the box that lies within the picture. */
export function visibleShare(box: Box): number {
  const area = areaOf(box);
  return area <= 0 ? 0 : overlapArea(box, { left: 0, top: 0, right: 1, bottom: 1 }) / area;
}

function overlapArea(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

function areaOf(box: Box): number {
  return Math.max(0, box.right - box.left) * Math.max(0, box.bottom - box.top);
}
