/** Which part of a picture shows a person closely. Pure; fractions of the picture. */
import type { Box } from '../../contract/shape.ts';

/** How much higher than the person the part is, and the least of the picture that it shows. */
const roomAround = 1.5;
const leastHeight = 0.25;

/** The part has the place's aspect ratio on the screen, holds the box in its middle and stays inside the picture. */
export function closeUpOf(box: Box, aspectRatio: number, placeAspectRatio: number): Box {
  const wanted = Math.max(leastHeight, (box.bottom - box.top) * roomAround);
  const height = Math.min(1, wanted, aspectRatio / placeAspectRatio);
  const width = (height * placeAspectRatio) / aspectRatio;
  const left = held((box.left + box.right - width) / 2, 1 - width);
  const top = held((box.top + box.bottom - height) / 2, 1 - height);
  return { left, top, right: left + width, bottom: top + height };
}

function held(value: number, most: number): number {
  return Math.min(Math.max(0, value), Math.max(0, most));
}
