/** A wire across the way that most of the people of the town square take. */
import type { CameraRules } from '../../src/contract/rule.ts';

export const pathWire: CameraRules = {
  schemaVersion: 1,
  tripwires: [
    {
      ruleId: 'path',
      points: [
        [0.42, 0.62],
        [0.5, 0.3],
      ],
    },
  ],
};
