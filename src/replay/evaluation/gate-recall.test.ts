/** Who stands where nothing moves and nobody is followed was hidden by the gate. */
import { expect, test } from 'vitest';
import { createGateRecall } from './gate-recall.ts';

const row = (frame: number, left: number) => ({
  ...{ frame, id: left, confidence: 1 },
  box: { left, top: 0, right: left + 10, bottom: 50 },
});
const frame = { frameNumber: 1, sourceWidth: 100, sourceHeight: 100 };

test('the share of people whom something known touched is told', () => {
  const recall = createGateRecall([row(1, 0), row(1, 40), row(2, 80)]);
  expect(recall.share()).toEqual({});
  recall.attended(frame, [{ left: 0.05, top: 0.2, right: 0.2, bottom: 0.3 }]);
  recall.attended({ ...frame, frameNumber: 3 }, []);
  expect(recall.share()).toEqual({ gateRecall: 0.5 });
});
