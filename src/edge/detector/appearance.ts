/**
 * What a detected object looks like, as one vector of unit length whose cosine tells people apart: the colours of head,
 * upper body and legs, and what the detector's own first layers see there. Each makes other mistakes than the other.
 * A model without the output `features` gives colours alone.
 */
import type { Box } from '../../contract/shape.ts';
import type { RawTensor } from './raw-detection.ts';
import { type InputPicture, stripeColours } from './stripe-colours.ts';
import { channelFacts, stripeFeatures } from './stripe-features.ts';

/** An unsure box seldom fits well enough to learn from, and there are many of them. */
export const leastDescribedConfidence = 0.4;
/** Colours alone tell more people apart than features alone. */
const featureWeight = 0.5;

/** Answers for one picture; boxes are in fractions of it. */
export function createDescriber(
  picture: InputPicture,
  features: RawTensor | undefined,
): (box: Box) => Float32Array {
  // Pictures without a describable object are the most frequent ones.
  let facts: ReturnType<typeof channelFacts> | undefined;
  return (box) => {
    const colours = unit(stripeColours(picture, box));
    if (features === undefined) return colours;
    facts ??= channelFacts(features);
    const seen = unit(stripeFeatures(features, facts, box));
    const both = new Float32Array(colours.length + seen.length);
    both.set(colours);
    for (let at = 0; at < seen.length; at += 1)
      both[colours.length + at] = (seen[at] ?? 0) * featureWeight;
    return unit(both);
  };
}

/** In place: there are several hundred numbers for each object of each picture. */
function unit(vector: Float32Array): Float32Array {
  let sum = 0;
  for (const value of vector) sum += value * value;
  const length = Math.sqrt(sum);
  if (length === 0) return vector;
  for (let at = 0; at < vector.length; at += 1) vector[at] = (vector[at] ?? 0) / length;
  return vector;
}
