/** When the centre hears that a camera went dark or came back. */
import { expect, test } from 'vitest';
import { type CameraStates, createCameraStates } from './camera-states.ts';

/** The counting clock goes by the times that are told; `passed` is what it has run ahead of them. */
function states(passed = { ms: 0 }): CameraStates {
  let toldMs = 0;
  const camera = createCameraStates(
    [{ cameraId: 'cam-1', name: 'Gate' }],
    0,
    () => toldMs + passed.ms,
  );
  return {
    ...camera,
    changed: (cameraId, state, reason, atMs) => {
      toldMs = atMs;
      camera.changed(cameraId, state, reason, atMs);
    },
    dueEvents: (nowMs) => {
      toldMs = nowMs;
      return camera.dueEvents(nowMs);
    },
  };
}
const noRules = () => ({ appliedVersion: 0 });

test('a camera that is away for five seconds is told once: its signal is lost, and why', () => {
  const camera = states();
  camera.changed('cam-1', 'live', undefined, 1000);
  camera.changed('cam-1', 'offline', 'refused the connection', 10_000);
  expect(camera.dueEvents(14_000)).toEqual([]);
  expect(camera.dueEvents(15_000)).toMatchObject([
    { kind: 'camera-offline', cause: 'signal-lost', reason: 'refused the connection' },
  ]);
  expect(camera.dueEvents(16_000)).toEqual([]);
});

test('a stall has been silent before it is told, and is an event soon after', () => {
  const camera = states();
  camera.changed('cam-1', 'live', undefined, 1000);
  camera.changed('cam-1', 'stalled', 'no frame for 5 s', 10_000);
  expect(camera.dueEvents(11_900)).toEqual([]);
  expect(camera.dueEvents(12_000)).toMatchObject([
    { kind: 'camera-offline', cause: 'signal-lost', reason: 'no frame for 5 s' },
  ]);
});

test('pictures of which many are damaged are pictures: no event, and the end of one', () => {
  const camera = states();
  camera.changed('cam-1', 'offline', 'gone', 20_000);
  expect(camera.dueEvents(26_000)).toMatchObject([{ cause: 'not-seen' }]);
  camera.changed('cam-1', 'degraded', 'half of the pictures are damaged', 30_000);
  expect(camera.dueEvents(31_000)).toMatchObject([{ kind: 'camera-back' }]);
  expect(camera.dueEvents(60_000)).toEqual([]);
});

test('the clock runs on while the camera goes from stalled to offline', () => {
  const camera = states();
  camera.changed('cam-1', 'live', undefined, 1000);
  camera.changed('cam-1', 'stalled', undefined, 10_000);
  camera.changed('cam-1', 'offline', 'refused', 14_000);
  expect(camera.dueEvents(15_000)).toMatchObject([{ kind: 'camera-offline', reason: 'refused' }]);
});

test('its return is told once, and only when it had been told offline', () => {
  const camera = states();
  camera.changed('cam-1', 'stalled', undefined, 1000);
  camera.changed('cam-1', 'live', undefined, 2000);
  expect(camera.dueEvents(3000)).toEqual([]);
  camera.changed('cam-1', 'offline', 'gone', 10_000);
  camera.dueEvents(20_000);
  camera.changed('cam-1', 'live', undefined, 30_000);
  expect(camera.dueEvents(30_000)).toMatchObject([{ kind: 'camera-back' }]);
  expect(camera.dueEvents(31_000)).toEqual([]);
});

test('a camera that never answered since the start is told offline after fifteen seconds', () => {
  const camera = states();
  camera.changed('cam-1', 'connecting', undefined, 100);
  expect(camera.dueEvents(14_000)).toEqual([]);
  expect(camera.dueEvents(15_000)).toMatchObject([{ kind: 'camera-offline', cameraId: 'cam-1' }]);
});

test('a camera that refuses at the start is told offline without that patience', () => {
  const camera = states();
  camera.changed('cam-1', 'auth-failed', 'wrong password', 1000);
  expect(camera.dueEvents(6000)).toMatchObject([{ kind: 'camera-offline', cause: 'refused' }]);
});

test('a rule that gets too few pictures is named in the health, until the camera goes dark', () => {
  const camera = states();
  camera.changed('cam-1', 'live', undefined, 0);
  const ruleNeeds = [{ ruleId: 'gate', neededPerSecond: 5 }];
  for (let atMs = 0; atMs <= 12_000; atMs += 1000) {
    camera.pulse('cam-1', { analysedPerSecond: 2, mediaTimeMs: atMs, ruleNeeds, atMs });
  }
  const [health] = camera.health(noRules);
  expect(health?.degradedRules).toMatchObject([{ ruleId: 'gate', neededPerSecond: 5 }]);
  camera.changed('cam-1', 'offline', 'no answer', 13_000);
  camera.pulse('cam-1', { analysedPerSecond: 0, mediaTimeMs: 13_000, ruleNeeds, atMs: 13_000 });
  expect(camera.health(noRules)[0]).not.toHaveProperty('degradedRules');
});

test('the health names each camera with its state, its age and the rules it runs', () => {
  const camera = states();
  camera.changed('cam-1', 'live', undefined, 1000);
  camera.pulse('cam-1', {
    analysedPerSecond: 5,
    mediaTimeMs: 9000,
    frameAgeMs: 80,
    width: 768,
    height: 576,
  });
  expect(camera.health(noRules)).toEqual([
    {
      cameraId: 'cam-1',
      name: 'Gate',
      state: 'live',
      stateSinceMs: 1000,
      analysedPerSecond: 5,
      frameAgeMs: 80,
      width: 768,
      height: 576,
      rules: { appliedVersion: 0 },
    },
  ]);
});

test.each([
  ['hangs and says nothing', undefined],
  ['is started again and gets no picture', { analysedPerSecond: 0, mediaTimeMs: 0 }],
])('the newest picture of a camera whose worker %s grows old', (_, later) => {
  const passed = { ms: 0 };
  const camera = states(passed);
  camera.changed('cam-1', 'live', undefined, 1000);
  camera.pulse('cam-1', { analysedPerSecond: 5, mediaTimeMs: 9000, frameAgeMs: 80 });
  passed.ms = 20_000;
  if (later !== undefined) camera.pulse('cam-1', later);
  expect(camera.health(noRules)).toMatchObject([{ frameAgeMs: 20_080, analysedPerSecond: 0 }]);
});

test.each([
  ['forward', 3_600_000],
  ['back', -3_600_000],
])('a clock that is put %s neither makes a camera dark nor hides that it is', (_, jumpMs) => {
  let steadyMs = 0;
  const camera = createCameraStates([{ cameraId: 'cam-1', name: 'Gate' }], 5e9, () => steadyMs);
  const at = (ms: number): number => {
    steadyMs = ms;
    return 5e9 + ms + jumpMs;
  };
  camera.changed('cam-1', 'live', undefined, 5e9);
  camera.changed('cam-1', 'offline', 'gone', 5e9 + 1000);
  expect(camera.dueEvents(at(3000))).toEqual([]);
  expect(camera.dueEvents(at(7000))).toMatchObject([{ kind: 'camera-offline' }]);
});
