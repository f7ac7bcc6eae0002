/** What lies under the marks: rules as the operator would see them, and where everybody went. In source pixels. */
import type { CameraRules, Tripwire, WatchPoint } from '../../../contract/rule.ts';
import type { Box } from '../../../contract/shape.ts';
import type { Trail } from '../../recording.ts';
import { colourOf, colours, disc, label, n, path, type Spot } from './svg.ts';

export type PictureSize = Readonly<{ width: number; height: number }>;

/** Half width of the dead band of a wire that does not say. */
const defaultBandHeights = 0.1;
const someHeight = 0.15;
/** Of bold letters of the size that rule names have. */
const letterWidth = 7.5;

export function footOf({ left, right, bottom }: Box): Spot {
  return { x: (left + right) / 2, y: bottom };
}

export function ruleLayer(rules: CameraRules, trails: readonly Trail[], size: PictureSize): string {
  const points = (rules.watchPoints ?? []).filter((point) => point.passes !== 1);
  return [
    ...points.map((point) => circleOf(point, size)),
    ...(rules.tripwires ?? []).map((wire) => wireOf(wire, trails, size)),
  ].join('');
}

export function ruleNames(rules: CameraRules, size: PictureSize): string {
  const { width, height } = size;
  const points = (rules.watchPoints ?? []).filter((point) => point.passes !== 1);
  return [
    ...points.map(({ ruleId, centre: [x, y], radiusOfHeight }) => {
      const at = {
        x: x * width - radiusOfHeight * height,
        y: y * height - radiusOfHeight * height,
      };
      return label(at, ruleId, 11, colours.watchPoint);
    }),
    ...(rules.tripwires ?? []).map(({ ruleId, points: [start] }) => {
      const [x = 0, y = 0] = start ?? [];
      const rightmost = width - ruleId.length * letterWidth;
      const at = { x: Math.min(x * width + 6, rightmost), y: y * height - 6 };
      return label(at, ruleId, 11, colours.wire);
    }),
  ].join('');
}

/** Each in its person's colour, from a ring where it was first seen to a disc with the person's number. */
export function trailLayer(trails: readonly Trail[]): string {
  return trails
    .map(({ personId, steps }) => {
      const feet = steps.map(({ box }) => footOf(box));
      const colour = colourOf(personId);
      const [first, last] = [feet[0], feet.at(-1)];
      if (first === undefined || last === undefined) return '';
      return [
        path(
          feet,
          'stroke="#0b0f14" stroke-opacity="0.35" stroke-width="3.4" stroke-linejoin="round"',
        ),
        path(
          feet,
          `stroke="${colour}" stroke-opacity="0.9" stroke-width="1.8" stroke-linejoin="round"`,
        ),
        disc(first, 3, `fill="#0b0f14" stroke="${colour}" stroke-width="1.6"`),
        disc(last, 3, `fill="${colour}" stroke="#0b0f14" stroke-width="0.8"`),
      ].join('');
    })
    .join('');
}

export function personNames(trails: readonly Trail[], { width }: PictureSize): string {
  return trails
    .map(({ personId, steps }) => {
      const last = steps.at(-1);
      if (last === undefined) return '';
      const { x, y } = footOf(last.box);
      return label(
        { x: Math.min(x + 5, width - 24), y: y + 4 },
        `P${personId}`,
        10,
        colourOf(personId),
      );
    })
    .join('');
}

function wireOf(
  { points, deadBandHeights }: Tripwire,
  trails: readonly Trail[],
  size: PictureSize,
) {
  const spots = points.map(([x, y]) => ({ x: x * size.width, y: y * size.height }));
  const half = (deadBandHeights ?? defaultBandHeights) * heightNear(spots, trails, size);
  return [
    path(
      spots,
      `stroke="${colours.wire}" stroke-opacity="0.28" stroke-width="${n(2 * half)}" stroke-linejoin="round"`,
    ),
    path(spots, `stroke="${colours.wire}" stroke-width="2" stroke-linejoin="round"`),
    ...spots.map((spot) => disc(spot, 2.6, `fill="${colours.wire}"`)),
  ].join('');
}

/** The band is in box heights: half of the boxes beside the wire are taller than this. */
function heightNear(spots: readonly Spot[], trails: readonly Trail[], size: PictureSize): number {
  const [start, end] = [spots[0], spots.at(-1)];
  if (start === undefined || end === undefined) return 0;
  const middle = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 };
  const reach = Math.hypot(end.x - start.x, end.y - start.y) / 2;
  const near = trails
    .flatMap(({ steps }) => steps.map(({ box }) => box))
    .filter((box) => Math.hypot(footOf(box).x - middle.x, footOf(box).y - middle.y) <= reach)
    .map(({ top, bottom }) => bottom - top)
    .sort((a, b) => a - b);
  return near[Math.floor(near.length / 2)] ?? someHeight * size.height;
}

function circleOf({ centre: [x, y], radiusOfHeight }: WatchPoint, { width, height }: PictureSize) {
  const at = { x: x * width, y: y * height };
  const radius = radiusOfHeight * height;
  return (
    disc(
      at,
      radius,
      `fill="${colours.watchPoint}" fill-opacity="0.18" stroke="${colours.watchPoint}" stroke-width="2"`,
    ) + disc(at, 2.2, `fill="${colours.watchPoint}"`)
  );
}
