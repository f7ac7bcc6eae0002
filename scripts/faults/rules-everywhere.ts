/** Wires and zones over the whole width of a picture: whoever moves in it, and whatever is taken for somebody, fires some. */
import type { CameraRules } from '../../src/contract/rule.ts';

const bars = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
export const rulesEverywhere: CameraRules = {
  schemaVersion: 1,
  tripwires: bars.map((x, at) => ({
    ruleId: `wire-${at}`,
    points: [
      [x, 0.15],
      [x, 0.95],
    ],
  })),
  zones: bars.slice(1).map((right, at) => ({
    ruleId: `zone-${at}`,
    points: [
      [bars[at] ?? 0, 0.15],
      [right, 0.15],
      [right, 0.95],
      [bars[at] ?? 0, 0.95],
    ],
  })),
};
