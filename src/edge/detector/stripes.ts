/** Where a standing person's head, upper body and legs are within the box, in shares of its height and width. */

export const stripes = [
  { from: 0.02, to: 0.18 },
  { from: 0.18, to: 0.52 },
  { from: 0.52, to: 0.95 },
] as const;

/** The person is in the middle of the box; towards the sides there is more and more of the background. */
const spread = 0.2;
const columns = 12;

/** Sampled columns with weights that sum to 1. */
export const columnWeights: readonly Readonly<{ at: number; weight: number }>[] = weigh();

function weigh(): readonly { at: number; weight: number }[] {
  const places = Array.from({ length: columns }, (_, index) => (index + 0.5) / columns);
  const raw = places.map((at) => Math.exp(-(((at - 0.5) / spread) ** 2) / 2));
  const sum = raw.reduce((total, weight) => total + weight, 0);
  return places.map((at, index) => ({ at, weight: (raw[index] ?? 0) / sum }));
}
