/**
 * Live pictures on demand: the collector asks, the edge opens a WebSocket to it and pushes one camera's pictures until
 * either side has had enough. A camera is pushed once in each format; a new request takes the place of the old one.
 */

import type { Logger } from 'pino';
import type { Command } from '../../contract/edge-report.ts';
import { edgeLivePath } from '../../contract/live-stream.ts';
import { because } from '../../contract/reason.ts';
import { readCameraSource } from '../camera/camera-source.ts';
import type { MaskOutline } from '../privacy/privacy-mask.ts';
import { type LivePush, openLivePush } from './live-push.ts';

type LiveCamera = Readonly<{
  cameraId: string;
  source: string;
  username?: string;
  password?: string;
}>;

type StartLive = Extract<Command, { kind: 'start-live' }>;
type StopLive = Extract<Command, { kind: 'stop-live' }>;
type Pushed = Pick<StopLive, 'cameraId' | 'format'>;

export type LiveView = Readonly<{
  /** Returns at once; faults are logged, and the collector sees the socket close or never open. */
  start: (command: StartLive) => void;
  stop: (pushed: Pushed) => void;
  /** What is hidden of the camera may have changed. */
  masksChanged: (cameraId: string) => void;
  /** Resolves when no ffmpeg of the live view is left; nothing starts after that. */
  stopAll: () => Promise<void>;
}>;

type LiveViewSettings = Readonly<{
  cameras: readonly LiveCamera[];
  /** `http://` or `https://`. */
  collectorUrl: string;
  /** Why the camera is known to refuse this box's credentials; undefined while it does not. */
  refusalOf?: (cameraId: string) => string | undefined;
  /** What nobody may see of the camera, now; nothing is hidden without it. */
  masksOf?: (cameraId: string) => readonly MaskOutline[];
  logger: Logger;
}>;

/** After a refusal the camera is left alone: many lock the account, also for the analysis, after a few bad attempts. */
const leaveAloneMs = 5 * 60_000;

export function createLiveView(settings: LiveViewSettings): LiveView {
  const { cameras, collectorUrl, logger } = settings;
  const refusals = new Map<string, Readonly<{ reason: string; untilMs: number }>>();
  const pushes = new Map<string, LivePush>();
  const ending = new Set<Promise<void>>();
  let over = false;

  const refusalOf = (cameraId: string): string | undefined => {
    const refusal = refusals.get(cameraId);
    if (refusal !== undefined && performance.now() < refusal.untilMs) return refusal.reason;
    return settings.refusalOf?.(cameraId);
  };
  const stop = (key: string): void => {
    const push = pushes.get(key);
    pushes.delete(key);
    if (push === undefined) return;
    const end = push.stop().finally(() => ending.delete(end));
    ending.add(end);
  };

  return {
    start: ({ cameraId, format, ticket }) => {
      if (over) return;
      const camera = cameras.find((one) => one.cameraId === cameraId);
      const read = camera === undefined ? undefined : readCameraSource(camera);
      const refusal = refusalOf(cameraId);
      if (read === undefined || !read.ok || refusal !== undefined) {
        const known = read?.ok === false ? read.reason : refusal;
        const reason = known ?? because('edge-no-camera', { cameraId });
        logger.warn({ cameraId, reason }, 'live view refused');
        return;
      }
      const key = keyOf({ cameraId, format });
      stop(key);
      const url = pushAddress(collectorUrl, cameraId);
      const onRefused = (reason: string): void => {
        refusals.set(cameraId, { reason, untilMs: performance.now() + leaveAloneMs });
      };
      const { source } = read;
      const masks = (): readonly MaskOutline[] => settings.masksOf?.(cameraId) ?? [];
      const pushed = { cameraId, source, format, masks };
      const push = openLivePush({ ...pushed, url, ticket, onRefused, logger });
      pushes.set(key, push);
      void push.closed.then(() => {
        if (pushes.get(key) === push) pushes.delete(key);
      });
    },
    stop: (pushed) => stop(keyOf(pushed)),
    masksChanged: (cameraId) => {
      for (const format of ['fmp4', 'mpeg1'] as const)
        pushes.get(keyOf({ cameraId, format }))?.masksChanged();
    },
    stopAll: async () => {
      over = true;
      for (const key of [...pushes.keys()]) stop(key);
      await Promise.all(ending);
    },
  };
}

function keyOf({ cameraId, format }: Pushed): string {
  return `${cameraId}/${format}`;
}

function pushAddress(collectorUrl: string, cameraId: string): string {
  const url = new URL(edgeLivePath(cameraId), collectorUrl);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}
