/**
 * The passes of one person side by side, numbered and with their times, laid over the edge of a snapshot: the operator sees
 * at a glance whether they are the same person. It lies away from the person who called, and the snapshot keeps its size,
 * so that boxes still mean the same in it.
 */
import sharp, { type OverlayOptions } from 'sharp';
import type { Box } from '../contract/shape.ts';
import type { PassPicture } from './pass-pictures.ts';
import { digitsSvg, digitsWidth } from './segment-digits.ts';

/** Of the snapshot's height. */
const stripShare = 0.3;
/** Width of a cell, in its heights. */
const cellShape = 0.72;
const labelShare = 0.16;
const gapPixels = 2;

type Picture = Readonly<{ width: number; height: number }>;
type Cell = Readonly<{ left: number; top: number; width: number; height: number; label: number }>;

/** What sharp lays over the snapshot; the newest passes when there is no room for all. Nothing for a single pass. */
export async function stripOver(
  picture: Picture,
  person: Box,
  passes: readonly PassPicture[],
  timeZone: string,
): Promise<readonly OverlayOptions[]> {
  if (passes.length < 2) return [];
  const height = Math.round(picture.height * stripShare);
  const width = Math.round(height * cellShape);
  const shown = passes.slice(-Math.max(1, Math.floor(picture.width / (width + gapPixels))));
  const from = originOf(picture, person, shown.length * (width + gapPixels), height);
  const cells = shown.map((pass, nth) => {
    const left = from.left + nth * (width + gapPixels);
    const label = Math.max(9, Math.round(height * labelShare));
    const number = passes.length - shown.length + nth + 1;
    return { pass, number, cell: { left, top: from.top, width, height, label } };
  });
  const pictures = cells.map(({ pass, number, cell }) =>
    drawCell(cell, pass, `${number} ${clock(pass.startedAtMs, timeZone)}`),
  );
  return (await Promise.all(pictures)).flat();
}

/** In the corner that is farthest from the person. */
function originOf(picture: Picture, person: Box, width: number, height: number) {
  const isBelow = (person.top + person.bottom) / 2 > 0.5;
  const isRight = (person.left + person.right) / 2 > 0.5;
  return {
    left: isRight ? 0 : Math.max(0, picture.width - width),
    top: isBelow ? 0 : picture.height - height,
  };
}

async function drawCell(
  { left, top, width, height, label }: Cell,
  { jpeg }: PassPicture,
  text: string,
): Promise<readonly OverlayOptions[]> {
  const scale = Math.min(label / 3, (0.9 * width) / digitsWidth(text));
  const digitsTop = height - label / 2 - scale;
  const back =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<rect width="${width}" height="${height}" fill="#000"/>` +
    `${digitsSvg(text, (width - scale * digitsWidth(text)) / 2, digitsTop, scale)}</svg>`;
  const cell = { input: Buffer.from(back), left, top };
  if (jpeg === undefined) return [cell];
  const { data, info } = await sharp(jpeg)
    .resize({ width, height: height - label, fit: 'inside' })
    .toBuffer({ resolveWithObject: true });
  const insetX = Math.floor((width - info.width) / 2);
  const insetY = Math.floor((height - label - info.height) / 2);
  return [cell, { input: data, left: left + insetX, top: top + insetY }];
}

function clock(atMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(atMs);
}
