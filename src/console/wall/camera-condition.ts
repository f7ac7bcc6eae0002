/** How a camera really stands: an edge that is cut off makes its cameras unknown, whatever they said last. Pure. */

import type { CameraView, EdgeView } from '../../contract/console-api.ts';
import type { CameraState } from '../../contract/edge-report.ts';
import { reasonText } from '../i18n/reason-text.ts';
import type { Texts } from '../i18n/zh.ts';

export type CameraCondition = Readonly<{
  state: CameraState;
  reason?: string;
  sinceMs: number;
}>;

export function cameraCondition(
  camera: CameraView,
  edges: readonly EdgeView[],
  texts: Texts,
): CameraCondition {
  const edge = edges.find((one) => one.edgeId === camera.edgeId);
  if (edge !== undefined && !edge.online) {
    return { state: 'offline', reason: texts.wall.edgeOffline, sinceMs: edge.sinceMs };
  }
  return {
    state: camera.state,
    sinceMs: camera.stateSinceMs,
    ...(camera.reason === undefined ? {} : { reason: reasonText(camera.reason, texts) }),
  };
}
