/** What a rule would have done with the stored tracks of a camera, as the centre is told it. */
import type { CameraRules } from '../../contract/rule.ts';
import type { SceneEvent } from '../../contract/rule-event.ts';
import {
  mostToldFirings,
  type RuleReplay,
  thinTrail,
  type WouldBeEvent,
} from '../../contract/rule-replay.ts';
import type { Point } from '../../contract/shape.ts';
import { replayRule, type TrackRun } from '../scene/replay-rule.ts';
import { createTrackLog } from './track-log.ts';

export type ReplayOrder = Readonly<{
  /** Of the track log. */
  folder: string;
  cameraId: string;
  rules: CameraRules;
  nowMs: number;
}>;

/** Reads the log as it stands on disk: what is still being gathered, a few seconds, is not in it. Rejects when it cannot. */
export async function replayStored(order: ReplayOrder): Promise<RuleReplay> {
  const { folder, cameraId, rules, nowMs } = order;
  const startedAt = performance.now();
  const log = createTrackLog({ folder, onFailure: () => undefined });
  const runs = await log.read(cameraId, nowMs);
  const seen = { fromMs: Number.POSITIVE_INFINITY, toMs: 0 };
  const { firings, perHour } = replayRule(
    runs.map((run) => noting(run, seen)),
    rules,
  );
  const newestLast = [...firings].sort((a, b) => a.capturedAtMs - b.capturedAtMs);
  return {
    ...(seen.toMs === 0 ? {} : { seen }),
    count: firings.length,
    perHour: [...perHour].sort((a, b) => a.fromMs - b.fromMs).slice(-26),
    firings: newestLast.slice(-mostToldFirings).map(toldOf),
    tookMs: Math.round(performance.now() - startedAt),
  };
}

/** The same run, which also notes when somebody was seen. */
function noting({ aspectRatio, tell }: TrackRun, seen: { fromMs: number; toMs: number }): TrackRun {
  return {
    aspectRatio,
    tell: (taker) =>
      tell({
        frame: (capturedAtMs) => {
          seen.fromMs = Math.min(seen.fromMs, capturedAtMs);
          seen.toMs = Math.max(seen.toMs, capturedAtMs);
          taker.frame(capturedAtMs);
        },
        sighting: taker.sighting,
        earlier: taker.earlier,
      }),
  };
}

function toldOf(event: SceneEvent): WouldBeEvent {
  const { kind, capturedAtMs, footPoint, trail } = event;
  return {
    kind,
    atMs: capturedAtMs,
    footPoint: rounded(footPoint),
    trail: thinTrail(trail).map(rounded),
    ...(event.kind === 'tripwire-crossed' ? { direction: event.direction } : {}),
  };
}

/** To a ten-thousandth of the picture: it is only drawn. */
function rounded([x, y]: Point): [number, number] {
  return [Math.round(x * 10_000) / 10_000, Math.round(y * 10_000) / 10_000];
}
