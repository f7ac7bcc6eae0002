/** How a camera stands. */
import { expect, it } from 'vitest';
import type { CameraView } from '../../contract/console-api.ts';
import { zh } from '../i18n/zh.ts';
import { cameraCondition } from './camera-condition.ts';

const camera: CameraView = {
  cameraId: 'lane-east',
  edgeId: 'edge-1',
  name: '东巷口',
  state: 'live',
  stateSinceMs: 5,
  analysedPerSecond: 5,
  savedRulesVersion: 0,
  appliedRulesVersion: 0,
};
const edge = { edgeId: 'edge-1', online: true, sinceMs: 9, outboxRows: 0 };

it('is what the camera says while its edge is heard', () => {
  expect(cameraCondition(camera, [edge], zh)).toEqual({ state: 'live', sinceMs: 5 });
  expect(cameraCondition({ ...camera, state: 'stalled', reason: 'no frame' }, [edge], zh)).toEqual({
    state: 'stalled',
    reason: 'no frame',
    sinceMs: 5,
  });
});

it('is offline when its edge is cut off, whatever the camera said last', () => {
  expect(cameraCondition(camera, [{ ...edge, online: false }], zh)).toEqual({
    state: 'offline',
    reason: zh.wall.edgeOffline,
    sinceMs: 9,
  });
});
