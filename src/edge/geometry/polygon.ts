/** Point in polygon by counting crossings of a ray (Shimrat 1962, corrected by Hacker 1962); concave outlines work. */
import type { Point } from '../../contract/shape.ts';

/** Points on the outline may fall on either side. Does not change when an axis is scaled. */
export function contains(outline: readonly Point[], [x, y]: Point): boolean {
  let isInside = false;
  outline.forEach(([ax, ay], at) => {
    const [bx, by] = outline[(at + 1) % outline.length] ?? [ax, ay];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) isInside = !isInside;
  });
  return isInside;
}
