/** Pictures that call for a look which is not made: the rules that lose by it are named, and the picture is no older for it. */
import { expect, test } from 'vitest';
import type { Frame } from './camera/frame.ts';
import { createCameraStates } from './camera-states.ts';
import type { Detection } from './detector/detection.ts';
import type { NotSeen } from './detector/detector.ts';
import { createFrameFlow } from './frame-flow.ts';
import { createPulse } from './pulse.ts';
import { createScene } from './scene/scene.ts';

const cameraId = 'cam-1';
const ruleNeeds = [{ ruleId: 'gate', neededPerSecond: 4 }];
const secondsWatched = 20;
const perSecond = 5;

/** What the box tells of a camera after twenty seconds at five pictures a second, each of which calls for a look. */
async function after(detect: (nth: number) => readonly Detection[] | NotSeen) {
  let nth = 0;
  const flow = createFrameFlow({
    wantsLook: () => true,
    detect: async () => detect(nth),
    observe: createScene({ rules: { schemaVersion: 1 }, aspectRatio: 4 / 3 }).observe,
    looked: () => undefined,
    keepPasses: async () => undefined,
    report: () => 1,
    drawSnapshot: async () => new Uint8Array(),
    attachSnapshot: () => undefined,
    now: () => 0,
  });
  const pulse = createPulse();
  const states = createCameraStates([{ cameraId, name: 'Gate' }], 0, () => 0);
  states.changed(cameraId, 'live', undefined, 0);
  for (nth = 1; nth <= secondsWatched * perSecond; nth += 1) {
    const atMs = (nth * 1000) / perSecond;
    const frame = frameAt(atMs);
    pulse.analysed(frame, await flow.take(frame), frame.capturedAtMs);
    if (nth % perSecond === 0)
      states.pulse(cameraId, { ...pulse.read(atMs + 50), ruleNeeds, atMs });
  }
  const [health] = states.health(() => ({ appliedVersion: 1 }));
  return { health, load: states.loads().get(cameraId) };
}

function frameAt(atMs: number): Frame {
  return {
    cameraId,
    frameNumber: 1,
    capturedAtMs: atMs,
    mediaTimeMs: atMs,
    ...{ width: 4, height: 3, sourceWidth: 4, sourceHeight: 3 },
    pixels: new Uint8Array(36),
  };
}

test.each([
  ['every look is made', () => [], 5, [], 0],
  ['every second look comes too late', (nth) => (nth % 2 ? 'superseded' : []), 2.4, ['gate'], 50],
  ['every look fails', () => 'failed', 0, ['gate'], 100],
] as const satisfies readonly (readonly [
  string,
  (nth: number) => readonly Detection[] | NotSeen,
  number,
  readonly string[],
  number,
])[])(
  'while %s, the rules that are the worse for it are degraded',
  async (_, detect, rate, ruleIds, unseen) => {
    const { health, load } = await after(detect);
    expect(health?.analysedPerSecond).toBeCloseTo(rate, 0);
    expect((health?.degradedRules ?? []).map(({ ruleId }) => ruleId)).toEqual(ruleIds);
    expect(health?.frameAgeMs).toBe(50);
    expect(load).toMatchObject({ gatePassedFrames: 100, unseenFrames: unseen });
  },
);
