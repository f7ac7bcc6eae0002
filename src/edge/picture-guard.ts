/**
 * Watches over the picture itself: once a second it asks whether somebody meddled with the camera, and makes the event
 * that the centre hears.
 */

import type { Tampering } from '../contract/camera-fault.ts';
import { because } from '../contract/reason.ts';
import type { EventDraft } from '../contract/rule-event.ts';
import type { Frame } from './camera/frame.ts';
import { lumaGrid } from './detector/luma-grid.ts';
import { pictureDetail } from './detector/picture-detail.ts';
import { createTamperingWatch } from './detector/tampering.ts';

export type PictureGuard = Readonly<{
  /** The event when something has just been found wrong with the picture. */
  look: (frame: Frame) => EventDraft | undefined;
  /** Whether something is wrong with it right now. */
  isWrong: () => boolean;
}>;

const everyMs = 1000;

export function createPictureGuard(cameraId: string): PictureGuard {
  const watch = createTamperingWatch();
  let lookedMs = Number.NEGATIVE_INFINITY;
  return {
    isWrong: () => watch.current() !== undefined,
    look: (frame) => {
      const { mediaTimeMs } = frame;
      if (mediaTimeMs - lookedMs < everyMs) return undefined;
      lookedMs = mediaTimeMs;
      const tampering = watch.observe(pictureDetail(frame, lumaGrid(frame)), mediaTimeMs);
      if (tampering === undefined) return undefined;
      return tamperedDraft(cameraId, tampering, frame);
    },
  };
}

/** What the centre hears of it. */
export function tamperedDraft(
  cameraId: string,
  tampering: Tampering,
  { capturedAtMs, mediaTimeMs }: Pick<Frame, 'capturedAtMs' | 'mediaTimeMs'>,
): EventDraft {
  const reason = because('camera-picture', { cameraId, what: because(`picture-${tampering}`) });
  return { kind: 'camera-tampered', cameraId, capturedAtMs, mediaTimeMs, tampering, reason };
}

/** Why the picture, though it comes, shows nothing that rules could go by. */
export type PictureFault = 'tampered' | 'suspended';

export function sentenceOf(fault: PictureFault | undefined): string | undefined {
  if (fault === undefined) return undefined;
  return because(fault === 'tampered' ? 'picture-tampered' : 'rules-suspended');
}
