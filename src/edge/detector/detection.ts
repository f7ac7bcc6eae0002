/** One object that the detector saw in a frame. */
import type { Box } from '../../contract/shape.ts';

export type Detection = Readonly<{
  /** Fractions of the whole picture, whatever the model's input size. */
  box: Box;
  /** COCO name: `person`, `bicycle`, `car`, ... */
  label: string;
  /** 0..1 */
  confidence: number;
  /** Unit-length appearance vector, when the detector makes one. */
  appearance?: Float32Array;
}>;
