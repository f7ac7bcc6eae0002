/** No frame that may show somebody new goes by, and none is looked at for nothing. */
import { describe, expect, test } from 'vitest';
import type { Box } from '../contract/shape.ts';
import { createLookPlanner, type Situation } from './look-planner.ts';

const walker: Box = { left: 0.4, top: 0.4, right: 0.5, bottom: 0.7 };
const still = { isMoving: false, regions: [] };
const moving = (...regions: readonly Box[]) => ({ isMoving: true, regions });
const elsewhere: Box = { left: 0.8, top: 0.1, right: 0.85, bottom: 0.2 };

/** Which of the frames, one each 200 ms, are looked at. */
function looks(count: number, situation: Partial<Situation>): readonly number[] {
  const planner = createLookPlanner();
  return Array.from({ length: count }, (_, index) => index).filter((index) =>
    planner.wantsLook({
      motion: still,
      trackBoxes: [],
      dueWithinMs: 800,
      ...situation,
      mediaTimeMs: index * 200,
    }),
  );
}

describe('the planner', () => {
  test('looks at the first frame, and then every three seconds while nothing happens', () => {
    expect(looks(40, {})).toEqual([0, 15, 30]);
  });

  test('looks every five seconds where nothing has moved for long, and every three again after the first stir', () => {
    expect(looks(140, {})).toEqual([0, 15, 30, 45, 60, 85, 110, 135]);
    const planner = createLookPlanner();
    const lookedAt = Array.from({ length: 240 }, (_, index) => index).filter((index) =>
      planner.wantsLook({
        motion: index === 100 ? moving(elsewhere) : still,
        trackBoxes: index === 200 ? [walker] : [],
        dueWithinMs: 60_000,
        mediaTimeMs: index * 200,
      }),
    );
    expect(lookedAt).toEqual([0, 15, 30, 45, 60, 85, 100, 115, 130, 145, 160, 185, 200, 215, 230]);
  });

  test('looks at once when something moves that is no known track, and on and on while it goes on its way', () => {
    const planner = createLookPlanner();
    const wants = (mediaTimeMs: number, left: number): boolean =>
      planner.wantsLook({
        mediaTimeMs,
        motion: moving({ ...elsewhere, left, right: left + 0.05 }),
        trackBoxes: [walker],
        dueWithinMs: 800,
      });
    expect([0, 200, 400, 600].map((atMs) => wants(atMs, 0.6 + atMs / 5000))).toEqual([
      ...[true, true, true, true],
    ]);
  });

  test('looks less often at what moves on the spot and was nobody', () => {
    expect(looks(14, { motion: moving(elsewhere) })).toEqual([0, 2, 4, 6, 8, 10, 12]);
  });

  test('follows a known track as often as the scene wants', () => {
    const followed = { motion: moving(walker), trackBoxes: [walker] };
    expect(looks(7, { ...followed, dueWithinMs: 0 })).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(looks(7, { ...followed, dueWithinMs: 400 })).toEqual([0, 2, 4, 6]);
    expect(looks(9, { ...followed, dueWithinMs: 800 })).toEqual([0, 4, 8]);
  });

  test('goes on watching a track that stands still and moves nothing', () => {
    expect(looks(9, { trackBoxes: [walker], dueWithinMs: 800 })).toEqual([0, 4, 8]);
  });

  test('takes motion for a track only within its reach', () => {
    const stride: Box = { left: 0.35, top: 0.6, right: 0.55, bottom: 0.72 };
    expect(looks(5, { motion: moving(stride), trackBoxes: [walker] })).toEqual([0, 4]);
    const companion: Box = { left: 0.45, top: 0.45, right: 0.9, bottom: 0.7 };
    expect(looks(3, { motion: moving(companion), trackBoxes: [walker] })).toEqual([0, 2]);
    const beside: Box = { ...walker, left: 0.8, right: 0.9 };
    const both = { motion: moving(companion), trackBoxes: [walker, beside] };
    expect(looks(5, both)).toEqual([0, 4]);
  });
});
