/** Who hides whom: on level ground the one whose feet are lower in the picture stands in front. */
import type { Box } from '../../../contract/shape.ts';

/** The greatest share (0..1) of the box that a single one of the others covers, standing in front of it. */
export function coveredShare(box: Box, others: readonly Box[]): number {
  const shares = others
    .filter((other) => other.bottom > box.bottom)
    .map((other) => shareWithin(box, other));
  return Math.max(0, ...shares);
}

/** Share (0..1) of the box that lies within the picture. */
export function visibleShare(box: Box): number {
  return shareWithin(box, { left: 0, top: 0, right: 1, bottom: 1 });
}

function shareWithin(box: Box, frame: Box): number {
  const width = Math.min(box.right, frame.right) - Math.max(box.left, frame.left);
  const height = Math.min(box.bottom, frame.bottom) - Math.max(box.top, frame.top);
  const area = (box.right - box.left) * (box.bottom - box.top);
  return width > 0 && height > 0 && area > 0 ? Math.min(1, (width * height) / area) : 0;
}
