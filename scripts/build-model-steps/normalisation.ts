/** What NanoDet was trained on: (level - mean) / deviation for red, green and blue, of the 256 levels. */
export const normalisation = {
  mean: [123.675, 116.28, 103.53],
  deviation: [58.395, 57.12, 57.375],
} as const;
