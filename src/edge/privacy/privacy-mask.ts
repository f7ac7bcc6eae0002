/**
 * What nobody may see of a camera's picture: outlines from the box's configuration and from the centre's rules together,
 * blacked out before anything looks at a frame. Outlines are in shares of the picture and so fit every size of it.
 */
import type { CameraRules } from '../../contract/rule.ts';
import type { Point } from '../../contract/shape.ts';
import type { Frame } from '../camera/frame.ts';
import { coveredSpans } from './covered-spans.ts';

/** Corners of an area, which closes by itself. */
export type MaskOutline = readonly Point[];

type MaskedCamera = Readonly<{ privacyMasks?: readonly MaskOutline[] | undefined }>;
type MaskedRules = Pick<CameraRules, 'privacyMasks'>;

export function masksOf(camera: MaskedCamera, rules: MaskedRules): readonly MaskOutline[] {
  const drawn = (rules.privacyMasks ?? []).map(({ points }) => points as MaskOutline);
  return [...(camera.privacyMasks ?? []), ...drawn];
}

/** Of a masked camera nothing may leave the box as it came: neither a copied live stream nor a copied clip. */
export function hasPrivacyMask(camera: MaskedCamera, rules: MaskedRules): boolean {
  return masksOf(camera, rules).length > 0;
}

export type MaskPainter = Readonly<{
  /** Blackens the frame's own pixels. */
  paint: (frame: Pick<Frame, 'width' | 'height' | 'pixels'>) => void;
}>;

export function createMaskPainter(masks: readonly MaskOutline[]): MaskPainter {
  let spans = new Uint32Array(0);
  let [width, height] = [0, 0];
  return {
    paint: (frame) => {
      if (masks.length === 0) return;
      if (frame.width !== width || frame.height !== height) {
        ({ width, height } = frame);
        spans = coveredSpans(masks, { width, height });
      }
      for (let at = 0; at + 1 < spans.length; at += 2)
        frame.pixels.fill(0, (spans[at] ?? 0) * 3, (spans[at + 1] ?? 0) * 3);
    },
  };
}
