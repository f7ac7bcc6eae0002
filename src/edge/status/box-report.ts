/** What the box tells about itself to whoever stands before it: the health it sends to the centre, and what only it knows. */
import type { BlindEntry } from '../../contract/blind-time.ts';
import { daysUntil, runsOutSoon } from '../../contract/certificate-watch.ts';
import type { EdgeHealth } from '../../contract/edge-report.ts';

/** What a camera has cost since its worker began. */
export type CameraLoad = Readonly<{
  /** Frames that went through motion gate, and through the detector where something called for it. */
  analysedFrames: number;
  /** When it was done with the newest of them. */
  lastAnalysedAtMs?: number;
  /** Frames in which the gate called for a look, and those of them whose look failed or came too late. */
  gatePassedFrames: number;
  unseenFrames: number;
  /** Pictures the detector looked at: whole frames, and crops of large ones. */
  looks: number;
  /** Frames that were due and let go, because a newer one came first. */
  droppedFrames: number;
  inferenceSeconds: number;
  /** Pictures that the decoder had to guess parts of, and packets of which it could make none. */
  decodeErrors: number;
  /** Pictures that lost packets on the way. */
  harmedPictures: number;
  /** How often the stream fell silent, and how often an ffmpeg was started for it. */
  stalls: number;
  connections: number;
  /** Processor time of its thread. */
  cpuSeconds: number;
}>;

export type BoxReport = Readonly<{
  health: EdgeHealth;
  /** By camera; absent before its worker's first word. */
  loads: ReadonlyMap<string, CameraLoad>;
  /** For how long rules could not have fired today. */
  blindToday: readonly BlindEntry[];
  /** How long looks wait for their turn, whether the box has too much to look at, and whose looks come late. */
  looks: Readonly<{
    waitMs: number;
    isOverloaded: boolean;
    late: readonly Readonly<{ cameraId: string; waitMs: number }>[];
  }>;
  startedAtMs: number;
  brokerConnected: boolean;
}>;

/** A camera whose newest frame is older than this cannot fire a rule. */
const oldestFrameMs = 10_000;

export type Verdict = Readonly<{
  ok: boolean;
  faults: readonly string[];
  /** What is amiss though the box lives and watches: a restart would not mend it. */
  warnings: readonly string[];
}>;

/** Judged by the age of frames and never by processes that exist. */
export function judge({ health, looks }: BoxReport, nowMs = Date.now()): Verdict {
  const faults = health.cameras.flatMap(({ cameraId, state, frameAgeMs, reason }) => {
    if (frameAgeMs === undefined)
      return [`camera ${cameraId}: no picture yet (${reason ?? state})`];
    if (frameAgeMs <= oldestFrameMs) return [];
    const seconds = Math.round(frameAgeMs / 1000);
    return [`camera ${cameraId}: the newest picture is ${seconds} s old (${reason ?? state})`];
  });
  const all = health.storageFault === undefined ? faults : [...faults, health.storageFault];
  return {
    ok: all.length === 0,
    faults: all,
    warnings: [...overloadOf(looks), ...certificateOf(health, nowMs)],
  };
}

function certificateOf(
  { certificateEndsAtMs }: Pick<EdgeHealth, 'certificateEndsAtMs'>,
  nowMs: number,
): readonly string[] {
  if (certificateEndsAtMs === undefined || !runsOutSoon(certificateEndsAtMs, nowMs)) return [];
  const days = daysUntil(certificateEndsAtMs, nowMs);
  const left = days < 0 ? 'has run out' : `runs out in ${days} days`;
  return [`the certificate of the broker ${left}; renew it, or this box is cut off`];
}

function overloadOf({ isOverloaded, waitMs, late }: BoxReport['looks']): readonly string[] {
  if (!isOverloaded) return [];
  const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
  const cameras = late.map(({ cameraId, waitMs: waits }) => `${cameraId} (${seconds(waits)})`);
  const whose = cameras.length === 0 ? '' : `, longest those of ${cameras.join(', ')}`;
  return [
    `the box has too much to look at: looks wait ${seconds(waitMs)}${whose}; lower analysisFps of busy cameras, set detail: near, or give it more cores and detector.threads`,
  ];
}
