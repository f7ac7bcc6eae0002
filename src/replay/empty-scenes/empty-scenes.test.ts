import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkRules } from '../../contract/check-rules.ts';
import { medianOf } from './background.ts';
import { type EmptyScene, replayEmptyLane } from './empty-scenes.ts';
import { emptySceneText } from './empty-scenes-text.ts';
import { watchEverywhere } from './watch-everywhere.ts';

const square = fileURLToPath(
  new URL('../../../test-fixtures/clips/town-square.mp4', import.meta.url),
);

it('the background is the median of each pixel: who walks by leaves no trace', () => {
  const pictures = [
    [10, 200, 30],
    [11, 20, 250],
    [12, 21, 31],
    [13, 22, 31],
    [9, 255, 0],
  ].map((picture) => Uint8Array.from(picture));
  expect([...medianOf(pictures)]).toEqual([11, 22, 31]);
});

it('the rules that watch everywhere are rules, and leave no place unwatched', () => {
  const rules = watchEverywhere();
  expect(checkRules(rules)).toMatchObject({ ok: true });
  expect(rules.watchPoints).toHaveLength(25);
  expect(rules.zones).toHaveLength(17);
  expect(rules.tripwires).toHaveLength(12);
});

describe('an empty lane in changing light', () => {
  it('raises nothing and nobody is followed in it', async () => {
    const look = { analysisFps: 5, say: () => undefined };
    const scene = await replayEmptyLane(square, 20, look);
    expect(scene).toMatchObject({ analysedFrames: 100, events: 0, firedRules: [], tracks: [] });
  });
});

it('what fired in a scene is told with its place, time and confidences', () => {
  const box = { left: 0.1, top: 0.2, right: 0.3, bottom: 0.4 };
  const steps = [0.5, 0.7].map((confidence, at) => ({ frame: 3 + at, box, confidence }));
  const scene: EmptyScene = {
    ...{ scene: 'tree', analysisFps: 5, analysedFrames: 9, events: 2, firedRules: ['zone-all'] },
    tracks: [{ trackId: 4, personId: 4, steps }],
    surest: { box, label: 'person', confidence: 0.7 },
  };
  expect(emptySceneText(scene).split('\n')).toEqual([
    'tree: 2 events, 1 tracks in 9 frames at 5 fps',
    '  surest detection: person 0.70 at 0.10 0.20 0.30 0.40',
    '  track 4: frames 3 to 4, 2 boxes, confidence 0.50 to 0.70, mean 0.60',
    '  fired: zone-all',
  ]);
});
