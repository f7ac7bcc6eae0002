/** Frames that were skipped get their boxes from the looks around them, and no others. */
import { expect, test } from 'vitest';
import { fillBetweenLooks } from './between-looks.ts';

const at = (frame: number, left: number, trackId = 1) => ({
  ...{ frame, trackId, confidence: 0.8 },
  box: { left, top: 0, right: left + 10, bottom: 20 },
});

test('a track is on the straight way between two looks that saw it', () => {
  const filled = fillBetweenLooks([at(1, 0), at(4, 30)], [1, 4], [2, 3]);
  expect(filled.map(({ frame, box }) => [frame, box.left])).toEqual([
    [1, 0],
    [4, 30],
    [2, 10],
    [3, 20],
  ]);
});

test('nothing is known of a track that a look between did not see, nor after its last one', () => {
  const entries = [at(1, 0), at(5, 40), at(1, 0, 2)];
  expect(fillBetweenLooks(entries, [1, 3, 5], [2, 4])).toEqual(entries);
});
