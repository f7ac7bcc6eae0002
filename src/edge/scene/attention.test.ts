/** The scene asks for looks where something is about to be decided, and for fewer where nothing is. */
import { describe, expect, test } from 'vitest';
import type { CameraRules } from '../../contract/rule.ts';
import { createAttention } from './attention.ts';
import type { SceneTrack } from './scene.ts';

const rules: CameraRules = {
  schemaVersion: 1,
  tripwires: [
    {
      ruleId: 'gate',
      points: [
        [0.9, 0.2],
        [0.9, 0.9],
      ],
    },
  ],
  watchPoints: [{ ruleId: 'board', centre: [0.1, 0.9], radiusOfHeight: 0.05 }],
};

function track(x: number, changes: Partial<SceneTrack> = {}): SceneTrack {
  return {
    trackId: 1,
    personId: 1,
    state: 'confirmed',
    label: 'person',
    confidence: 0.8,
    box: { left: x - 0.03, right: x + 0.03, top: 0.4, bottom: 0.6 },
    firstSeenMs: 0,
    lastSeenMs: 10_000,
    ...changes,
  };
}

/** What is asked for at the second of two looks, 400 ms apart. */
function due(first: readonly SceneTrack[], second = first): number {
  const attention = createAttention({ rules, aspectRatio: 4 / 3 });
  attention.dueWithinMs(first, 9600);
  return attention.dueWithinMs(second, 10_000);
}

describe('attention', () => {
  test.each([
    ['a walker in the open', [track(0.5)], [track(0.53)], 400],
    ['somebody who stands', [track(0.5)], [track(0.501)], 800],
    ['nobody', [], [], 800],
    ['somebody near the wire', [track(0.8)], [track(0.8)], 0],
    [
      'somebody near the watch point',
      [track(0.12, { box: { left: 0.1, right: 0.2, top: 0.6, bottom: 0.8 } })],
      undefined,
      0,
    ],
    [
      'somebody who has just come',
      [track(0.5, { firstSeenMs: 9000 })],
      [track(0.53, { firstSeenMs: 9000 })],
      0,
    ],
    ['somebody who is missing', [track(0.5)], [track(0.53, { state: 'lost' as const })], 0],
    ['two who meet', [track(0.5), track(0.57, { trackId: 2 })], undefined, 0],
    [
      'two far from one another',
      [track(0.3), track(0.6, { trackId: 2 })],
      [track(0.33), track(0.63, { trackId: 2 })],
      400,
    ],
    ['one of many is enough', [track(0.3), track(0.8, { trackId: 2 })], undefined, 0],
  ])('%s', (_what, first, second, expected) => {
    expect(due(first, second ?? first)).toBe(expected);
  });

  test('changes with the rules', () => {
    const attention = createAttention({ rules, aspectRatio: 4 / 3 });
    attention.dueWithinMs([track(0.8)], 9600);
    attention.applyRules({ schemaVersion: 1 });
    expect(attention.dueWithinMs([track(0.8)], 10_000)).toBe(800);
  });
});
