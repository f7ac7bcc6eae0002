import { expect, it } from 'vitest';
import type { Detection } from '../../detector/detection.ts';
import { addScenery, type SceneryThing, takeOutScenery } from './scenery.ts';

const box = { left: 0.4, top: 0.5, right: 0.5, bottom: 0.8 };
const sign: SceneryThing = { label: 'person', box, confidence: 0.4, lastSeenMs: 0 };
const shifted = (by: number) => ({ ...box, left: box.left + by, right: box.right + by });
const seen = (more: Partial<Detection> = {}): Detection => ({
  box,
  label: 'person',
  confidence: 0.42,
  ...more,
});

it.each([
  ['its own detection', seen(), 0],
  ['a little beside it', seen({ box: shifted(0.01) }), 0],
  ['much surer than it, as a person before it is', seen({ confidence: 0.7 }), 1],
  ['half a box beside it', seen({ box: shifted(0.05) }), 1],
  ['of another label', seen({ label: 'bicycle' }), 1],
])('a thing takes what is its own and leaves the rest: %s', (_, detection, left) => {
  expect(takeOutScenery([sign], [detection], 100).others).toHaveLength(left);
});

it('one thing takes one detection at most', () => {
  expect(takeOutScenery([sign], [seen(), seen()], 100).others).toHaveLength(1);
});

it('a thing follows the light, not the moment', () => {
  const brighter = seen({ confidence: 0.5 });
  const [soon] = takeOutScenery([sign], [brighter], 100).things;
  const [late] = takeOutScenery([sign], [brighter], 60_000).things;
  expect(soon?.confidence).toBeLessThan(0.41);
  expect(late?.confidence).toBeGreaterThan(0.49);
});

it('a thing that was carried away is forgotten, and there are never more than a hundred', () => {
  expect(takeOutScenery([sign], [], 120_000).things).toHaveLength(1);
  expect(takeOutScenery([sign], [], 120_001).things).toHaveLength(0);
  const many = Array.from({ length: 250 }, () => sign);
  expect(addScenery(many, [{ ...sign, confidence: 0.1 }])).toHaveLength(100);
  expect(addScenery(many, [{ ...sign, confidence: 0.1 }]).at(-1)?.confidence).toBe(0.1);
});
