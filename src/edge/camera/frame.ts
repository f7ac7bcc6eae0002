/** A decoded picture of one camera. */

/**
 * `pixels` is rgb24, height x width x 3, row by row, at the camera room's picture size (the source's aspect ratio is kept).
 * `mediaTimeMs` starts at 0 with the first frame and never goes back, also over a reconnect;
 * `frameNumber` counts the source's decoded frames from 1, including those that were not taken for analysis.
 */
export type Frame = Readonly<{
  cameraId: string;
  frameNumber: number;
  capturedAtMs: number;
  mediaTimeMs: number;
  width: number;
  height: number;
  /** The source's own size in pixels, before any scaling. */
  sourceWidth: number;
  sourceHeight: number;
  pixels: Uint8Array;
}>;
