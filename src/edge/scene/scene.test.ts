import { expect, it } from 'vitest';
import type { CameraRules } from '../../contract/rule.ts';
import type { Detection } from '../detector/detection.ts';
import { createScene, type Observation } from './scene.ts';

const wire = (x: number): CameraRules => ({
  schemaVersion: 1,
  tripwires: [
    {
      ruleId: 'gate',
      points: [
        [x, 0.95],
        [x, 0.3],
      ],
    },
  ],
});

function walkerAt(x: number, appearance?: Float32Array): Detection {
  const box = { left: x - 0.03, right: x + 0.03, top: 0.5, bottom: 0.7 };
  return { box, label: 'person', confidence: 0.8, ...(appearance && { appearance }) };
}

type Observe = ReturnType<typeof createScene>['observe'];

function emptyPicture(observe: Observe, fromMs: number, toMs: number): readonly Observation[] {
  const times = Array.from({ length: (toMs - fromMs) / 100 }, (_, i) => fromMs + i * 100);
  return times.map((mediaTimeMs) =>
    observe({ detections: [], mediaTimeMs, capturedAtMs: 1_700_000_000_000 + mediaTimeMs }),
  );
}

/** Somebody walks to the right at a tenth of the picture a second, ten pictures a second. */
function walk(
  observe: Observe,
  fromMs: number,
  toMs: number,
  appearance?: Float32Array,
  startedAtMs = 0,
): readonly Observation[] {
  const times = Array.from({ length: (toMs - fromMs) / 100 }, (_, i) => fromMs + i * 100);
  return times.map((walkedMs) => {
    const mediaTimeMs = startedAtMs + walkedMs;
    const detections = [walkerAt(0.1 + walkedMs / 10_000, appearance)];
    return observe({ detections, mediaTimeMs, capturedAtMs: 1_700_000_000_000 + mediaTimeMs });
  });
}

it('a walker over a wire is one event, with the times of its frame and the track as its own person', () => {
  const scene = createScene({ rules: wire(0.5), aspectRatio: 16 / 9 });
  const events = walk(scene.observe, 0, 8000).flatMap((observation) => observation.events);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({
    kind: 'tripwire-crossed',
    ruleId: 'gate',
    direction: 'a-to-b',
    trackId: 1,
    personId: 1,
  });
  expect(events[0]?.capturedAtMs).toBe(1_700_000_000_000 + (events[0]?.mediaTimeMs ?? 0));
  expect(events[0]?.mediaTimeMs).toBeLessThanOrEqual(4700);
});

it.each([
  ['is the same person', {}, [1]],
  ['is another person where nobody is identified', { identity: false }, [1, 2]],
])('who has left the picture and comes back %s', (_, options, personIds) => {
  const scene = createScene({ rules: wire(0.5), aspectRatio: 16 / 9, ...options });
  const coat = Float32Array.of(0.8, 0.6, 0);
  const out = walk(scene.observe, 0, 8900, coat);
  const gone = emptyPicture(scene.observe, 8900, 20_000);
  const back = walk(scene.observe, 0, 8900, coat, 20_000);
  const events = [...out, ...gone, ...back].flatMap((observation) => observation.events);
  expect(events.map(({ trackId }) => trackId)).toEqual([1, 2]);
  expect([...new Set(events.map(({ personId }) => personId))]).toEqual(personIds);
});

it('rules that are changed on the way hold from the next frame on', () => {
  const scene = createScene({ rules: wire(0.9), aspectRatio: 16 / 9 });
  const before = walk(scene.observe, 0, 3000).flatMap((observation) => observation.events);
  scene.applyRules(wire(0.6));
  const after = walk(scene.observe, 3000, 7000).flatMap((observation) => observation.events);
  expect([before.length, after.length]).toEqual([0, 1]);
});
