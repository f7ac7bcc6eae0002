/**
 * The snapshot of an event: the frame that fired it, with the rule, all detections, the person's box and trail drawn in.
 * The overlay is an SVG that sharp lays over the picture, with the person's earlier passes where there are any; sizes follow the picture's height so that it reads on any camera.
 */
import sharp, { type Sharp } from 'sharp';
import type { AnyRule } from '../contract/rule.ts';
import type { SceneEvent } from '../contract/rule-event.ts';
import { defaultTimeZone } from '../contract/schedule.ts';
import type { Box, Point } from '../contract/shape.ts';
import type { Frame } from './camera/frame.ts';
import type { Detection } from './detector/detection.ts';
import type { PassPicture } from './pass-pictures.ts';
import { stripOver } from './pass-strip.ts';

const quality = 82;
/** Of larger ones the centre might refuse the bytes; people and faces are no smaller in it than the detector needs. */
const largestWidth = 1920;
const accent = '#ff3b30';
const ruleColour = '#ffd60a';
const quiet = '#64d2ff';
/** The tracker also uses weaker ones; drawn, they would only clutter the picture. */
const leastDrawnConfidence = 0.4;

/** A JPEG of the frame's own size, or shrunk to the largest width. Throws when sharp cannot encode the picture. */
export async function drawSnapshot(
  frame: Frame,
  detections: readonly Detection[],
  event: SceneEvent,
  rule: AnyRule | undefined,
  passes: readonly PassPicture[] = [],
): Promise<Uint8Array> {
  const size = sizeOf(frame);
  const overlay = overlaySvg(size, detections, event, rule);
  const timeZone = rule?.schedule?.timeZone ?? defaultTimeZone;
  const strip = await stripOver(size, event.box, passes, timeZone);
  return pictureOf(frame)
    .composite([{ input: Buffer.from(overlay), top: 0, left: 0 }, ...strip])
    .jpeg({ quality })
    .toBuffer();
}

/** The frame as it is, as a JPEG: for events about the camera itself. */
export async function plainPicture(frame: Frame): Promise<Uint8Array> {
  return pictureOf(frame).jpeg({ quality }).toBuffer();
}

type Size = Pick<Frame, 'width' | 'height'>;

function sizeOf({ width, height }: Size): Size {
  if (width <= largestWidth) return { width, height };
  return { width: largestWidth, height: Math.max(1, Math.round((height * largestWidth) / width)) };
}

function pictureOf({ pixels, width, height }: Frame): Sharp {
  const picture = sharp(pixels, { raw: { width, height, channels: 3 } });
  if (width <= largestWidth) return picture;
  return picture.resize({ ...sizeOf({ width, height }), fit: 'fill' });
}

/** As SVG text in pixels of the snapshot. */
function overlaySvg(
  { width, height }: Size,
  detections: readonly Detection[],
  event: SceneEvent,
  rule: AnyRule | undefined,
): string {
  const stroke = Math.max(1.5, height / 240);
  const at = ([x, y]: Point): string => `${(x * width).toFixed(1)},${(y * height).toFixed(1)}`;
  const line = (points: readonly Point[], colour: string, extra = ''): string =>
    `<polyline points="${points.map(at).join(' ')}" fill="none" stroke="${colour}" stroke-width="${stroke}" ${extra}/>`;
  const frameOf = (box: Box, colour: string, thickness: number): string =>
    `<rect x="${box.left * width}" y="${box.top * height}" width="${(box.right - box.left) * width}"` +
    ` height="${(box.bottom - box.top) * height}" fill="none" stroke="${colour}" stroke-width="${thickness}"/>`;
  const [footX, footY] = event.footPoint;

  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`,
    ...(rule === undefined
      ? []
      : [drawRule(rule, event.kind === 'tripwire-crossed', line, { width, height, stroke })]),
    ...detections
      .filter(({ confidence }) => confidence >= leastDrawnConfidence)
      .map(({ box }) => frameOf(box, quiet, stroke / 2)),
    line(event.trail as readonly Point[], accent, 'stroke-linecap="round" stroke-dasharray="1 0"'),
    frameOf(event.box, accent, stroke),
    `<circle cx="${footX * width}" cy="${footY * height}" r="${stroke * 1.8}" fill="${accent}"/>`,
    '</svg>',
  ].join('');
}

function drawRule(
  rule: AnyRule,
  isOpen: boolean,
  line: (points: readonly Point[], colour: string, extra?: string) => string,
  { width, height, stroke }: Readonly<{ width: number; height: number; stroke: number }>,
): string {
  if ('centre' in rule) {
    const [x, y] = rule.centre;
    return `<circle cx="${x * width}" cy="${y * height}" r="${rule.radiusOfHeight * height}" fill="none" stroke="${ruleColour}" stroke-width="${stroke}"/>`;
  }
  const points = rule.points as readonly Point[];
  if (!isOpen) return line([...points, ...points.slice(0, 1)], ruleColour);
  const second = 'secondWire' in rule ? (rule.secondWire?.points as readonly Point[]) : undefined;
  return line(points, ruleColour) + (second === undefined ? '' : line(second, ruleColour));
}
