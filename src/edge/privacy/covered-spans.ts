/**
 * Which pixels outlines cover, as runs of pixels row by row. Every pixel that an outline touches counts as covered: too
 * much is hidden rather than too little. Pure.
 */
import type { Point } from '../../contract/shape.ts';

type Span = readonly [from: number, to: number];
type Size = Readonly<{ width: number; height: number }>;

/** Heights within a row of pixels at which the outline is cut; slivers between them are below a quarter of a pixel. */
const cuts = [0, 0.25, 0.5, 0.75, 1] as const;

/**
 * Pairs of first pixel and the pixel after the last, counted from the picture's first pixel, in order and apart.
 * `margin` widens every area by so many pixels.
 */
export function coveredSpans(
  outlines: readonly (readonly Point[])[],
  { width, height }: Size,
  margin = 0,
): Uint32Array<ArrayBuffer> {
  const shifts = Array.from({ length: 2 * margin + 1 }, (_, at) => at - margin);
  const heights = shifts.flatMap((shift) => cuts.map((cut) => shift + cut));
  const spans: Span[] = [];
  for (const outline of outlines) {
    const corners = outline.map(([x, y]) => [x * width, y * height] as const);
    for (let row = 0; row < height; row += 1) {
      for (const [from, to] of heights.flatMap((above) => insideAt(corners, row + above))) {
        const first = Math.max(0, Math.floor(from) - margin);
        const after = Math.min(width, Math.ceil(to) + margin);
        if (after > first) spans.push([row * width + first, row * width + after]);
      }
    }
  }
  return Uint32Array.from(joined(spans).flat());
}

function joined(spans: readonly Span[]): readonly Span[] {
  const apart: [from: number, to: number][] = [];
  for (const [from, to] of [...spans].sort(([a], [b]) => a - b)) {
    const last = apart.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else apart.push([from, to]);
  }
  return apart;
}

/** Where a horizontal line runs inside the area, by the even-odd rule. */
function insideAt(corners: readonly Point[], y: number): readonly Span[] {
  const crossings = corners
    .flatMap(([ax, ay], at) => {
      const [bx, by] = corners[(at + 1) % corners.length] ?? [ax, ay];
      return ay <= y === by <= y ? [] : [ax + ((y - ay) / (by - ay)) * (bx - ax)];
    })
    .sort((a, b) => a - b);
  return crossings.flatMap((from, at) => {
    const to = crossings[at + 1];
    return at % 2 === 0 && to !== undefined ? [[from, to] as const] : [];
  });
}
