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
    {
      ruleId: 'middle',
      points: [
        [0.44, 0.2],
        [0.44, 0.9],
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
    ['a walker in the open', [track(0.5)], [track(0.53)], 300],
    ['somebody who stands', [track(0.5)], [track(0.501)], 800],
    ['nobody', [], [], 800],
    ['somebody who walks to a wire with little room beyond', [track(0.82)], [track(0.86)], 0],
    ['somebody who runs to a wire with much room', [track(0.28)], [track(0.36)], 0],
    ['somebody who walks to a wire with much room', [track(0.34)], [track(0.37)], 300],
    ['somebody who stands beside a wire', [track(0.86)], [track(0.861)], 800],
    [
      'somebody who walks into a small place',
      [track(0.12, { box: { left: 0.05, right: 0.15, top: 0.62, bottom: 0.86 } })],
      [track(0.12, { box: { left: 0.06, right: 0.16, top: 0.64, bottom: 0.88 } })],
      0,
    ],
    [
      'somebody who has just come',
      [track(0.5, { firstSeenMs: 9600 })],
      [track(0.53, { firstSeenMs: 9600 })],
      0,
    ],
    [
      'somebody who is missing',
      [track(0.5)],
      [track(0.53, { state: 'lost' as const, lastSeenMs: 9800 })],
      0,
    ],
    [
      'somebody who has been missing for a while',
      [track(0.5)],
      [track(0.53, { state: 'lost' as const, lastSeenMs: 9400 })],
      300,
    ],
    [
      'two who pass one another',
      [track(0.46), track(0.58, { trackId: 2 })],
      [track(0.5), track(0.54, { trackId: 2 })],
      0,
    ],
    [
      'two who walk side by side',
      [track(0.5), track(0.55, { trackId: 2 })],
      [track(0.53), track(0.58, { trackId: 2 })],
      300,
    ],
    [
      'two far from one another',
      [track(0.3), track(0.6, { trackId: 2 })],
      [track(0.33), track(0.63, { trackId: 2 })],
      300,
    ],
    [
      'one of many is enough',
      [track(0.3), track(0.82, { trackId: 2 })],
      [track(0.3), track(0.86, { trackId: 2 })],
      0,
    ],
  ])('%s', (_what, first, second, expected) => {
    expect(due(first, second ?? first)).toBe(expected);
  });

  test('takes trembling between looks that follow closely for standing', () => {
    const attention = createAttention({ rules, aspectRatio: 4 / 3 });
    const asked = Array.from({ length: 12 }, (_, look) => {
      const x = 0.5 + (look % 2 === 0 ? 0.003 : -0.003);
      return attention.dueWithinMs([track(x)], 9000 + 100 * look);
    });
    expect(asked.slice(-4)).toEqual([800, 800, 800, 800]);
  });

  test('changes with the rules', () => {
    const attention = createAttention({ rules, aspectRatio: 4 / 3 });
    attention.dueWithinMs([track(0.82)], 9600);
    expect(attention.dueWithinMs([track(0.86)], 10_000)).toBe(0);
    attention.applyRules({ schemaVersion: 1 });
    expect(attention.dueWithinMs([track(0.9)], 10_400)).toBe(300);
  });
});
