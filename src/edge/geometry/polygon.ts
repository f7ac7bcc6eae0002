/** Point in polygon by counting crossings of a ray (Shimrat 1962, corrected by Hacker 1962); concave outlines work. */
import type { Point } from '../../contract/shape.ts';

/** Points on the outline may fall on either side. Does not change when an axis is scaled. */
export function createZoneContains(outline: readonly Point[]): (x: number, y: number) => boolean {
  const sides = outline.map(([ax, ay], at) => {
    const [bx, by] = outline[(at + 1) % outline.length] ?? [ax, ay];
    return { ax, ay, bx, by };
  });
  const xs = outline.map(([x]) => x);
  const ys = outline.map(([, y]) => y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  return (x, y) => {
    if (x < left || x > right || y < top || y > bottom) return false;
    let isInside = false;
    for (const { ax, ay, bx, by } of sides) {
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) isInside = !isInside;
    }
    return isInside;
  };
}
