/** What every family's decoder gives: boxes in fractions of the model's input picture, before suppression. */
import type { Box } from '../../contract/shape.ts';

export type RawDetection = Readonly<{ box: Box; classIndex: number; confidence: number }>;

export type RawTensor = Readonly<{ dims: readonly number[]; data: Float32Array }>;
/** The session's outputs by name. */
export type RawOutputs = Readonly<Record<string, RawTensor>>;

export type DecodeSettings = Readonly<{
  width: number;
  height: number;
  leastConfidence: number;
  /** Indices of the classes that are wanted; all others are passed over. */
  wanted: readonly number[];
}>;

export type Decode = (outputs: RawOutputs, settings: DecodeSettings) => readonly RawDetection[];

/** The best of the wanted classes at one place of a list of scores. */
export function bestClass(
  scores: Float32Array,
  offset: number,
  wanted: readonly number[],
): Readonly<{ classIndex: number; confidence: number }> {
  let classIndex = -1;
  let confidence = 0;
  for (const index of wanted) {
    const score = scores[offset + index] ?? 0;
    if (score > confidence) {
      confidence = score;
      classIndex = index;
    }
  }
  return { classIndex, confidence };
}
