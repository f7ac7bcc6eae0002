/**
 * Detections of the whole picture and of crops of it, as if one look had found them all. Who is seen in several is told
 * once: a box that a crop's border cuts loses to one that is whole, and of two whole ones the surer stays, where the crop,
 * which sees sharper, counts as a little surer. Pure.
 */
import type { Box } from '../../contract/shape.ts';
import { iou } from '../geometry/iou.ts';
import type { Detection } from './detection.ts';

/** `area` in shares of the picture; boxes of `detections` in shares of the area. */
export type Look = Readonly<{ area: Box; detections: readonly Detection[] }>;

const sameOverlap = 0.5;
/** A cut box of somebody lies within the whole one. */
const cutShare = 0.6;
/** Nearer to the border than this share of the crop a box is cut by it. */
const border = 0.008;
const sharper = 0.15;

type Candidate = Readonly<{
  detection: Detection;
  isCut: boolean;
  rank: number;
  /** Which of the looks. */
  look: number;
}>;

export function mergeLooks(looks: readonly Look[]): readonly Detection[] {
  const candidates = looks
    .flatMap(candidatesOf)
    .sort((a, b) => Number(a.isCut) - Number(b.isCut) || b.rank - a.rank);
  const kept: Candidate[] = [];
  for (const candidate of candidates)
    if (!kept.some((other) => isSameObject(other, candidate))) kept.push(candidate);
  return kept.map(({ detection }) => detection);
}

function candidatesOf({ area, detections }: Look, look: number): readonly Candidate[] {
  const isCrop = area.right - area.left < 1 || area.bottom - area.top < 1;
  return detections.flatMap((detection) => {
    const { box, confidence } = detection;
    const isCut = isCrop && isCutBy(box, area);
    // Of somebody whose feet are outside nobody knows where he stands; the whole picture or another crop shows him.
    if (isCrop && box.bottom > 1 - border && area.bottom < 1) return [];
    const placed = { ...detection, box: inPicture(box, area) };
    return [{ detection: placed, isCut, rank: confidence + (isCrop ? sharper : 0), look }];
  });
}

/** By a border of the crop that is none of the picture. */
function isCutBy(box: Box, area: Box): boolean {
  return (
    (box.left < border && area.left > 0) ||
    (box.top < border && area.top > 0) ||
    (box.right > 1 - border && area.right < 1) ||
    (box.bottom > 1 - border && area.bottom < 1)
  );
}

function inPicture(box: Box, area: Box): Box {
  const width = area.right - area.left;
  const height = area.bottom - area.top;
  return {
    left: area.left + box.left * width,
    top: area.top + box.top * height,
    right: area.left + box.right * width,
    bottom: area.top + box.bottom * height,
  };
}

/** Two boxes of one look are two people: it has settled its own doubles, and knows who walks close before whom. */
function isSameObject(kept: Candidate, other: Candidate): boolean {
  if (kept.look === other.look) return false;
  if (kept.detection.label !== other.detection.label) return false;
  const [a, b] = [kept.detection.box, other.detection.box];
  return iou(a, b) > sameOverlap || (other.isCut && shareWithin(b, a) > cutShare);
}

/** How much of `box` lies within `other`. */
function shareWithin(box: Box, other: Box): number {
  const width = Math.min(box.right, other.right) - Math.max(box.left, other.left);
  const height = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / ((box.right - box.left) * (box.bottom - box.top));
}
