/** What the main thread and a camera's worker thread tell each other. */
import type { MessagePort } from 'node:worker_threads';
import type { CameraState } from '../contract/edge-report.ts';
import type { CameraRules } from '../contract/rule.ts';
import type { EventDraft } from '../contract/rule-event.ts';
import type { FfmpegAccess } from './camera/ffmpeg-keeper.ts';
import type { ModelFacts } from './detector/model-manifest.ts';
import type { EdgeCamera } from './edge-config.ts';
import type { RuleNeeds } from './rate-watch.ts';
import type { Leaving, LeavingOrder } from './scene/leaving-watch.ts';
import type { CameraLoad } from './status/box-report.ts';

/** Rules with the version under which the centre knows them; 0 for rules of a file or none. */
export type RunningRules = Readonly<{
  version: number;
  rules: CameraRules;
  /** Size of the first picture that they ran on; undefined until it came. */
  drawnOn?: PictureSize;
}>;

export type PictureSize = Readonly<{ width: number; height: number }>;

export type WorkerStart = Readonly<{
  camera: EdgeCamera;
  rules: RunningRules;
  model: ModelFacts;
  inference: MessagePort;
  /** Who starts its ffmpeg: children of a worker that crashes would stay zombies. */
  ffmpeg: FfmpegAccess;
}>;

export type ToWorker =
  | Readonly<{ kind: 'rules'; rules: RunningRules }>
  | Readonly<{ kind: 'watch-leaving'; order: LeavingOrder; capturedAtMs: number }>
  | Readonly<{ kind: 'stop' }>;

export type FromWorker =
  /** `reportId` joins the snapshot that follows to its event. */
  | Readonly<{ kind: 'event'; reportId: number; draft: EventDraft }>
  | Readonly<{ kind: 'snapshot'; reportId: number; jpeg: Uint8Array }>
  | Readonly<{ kind: 'state'; state: CameraState; reason?: string; atMs: number }>
  /** Every sentence that holds now: what is amiss though pictures come. */
  | Readonly<{ kind: 'warnings'; sentences: readonly string[] }>
  | Readonly<{ kind: 'rules-applied'; version: number }>
  /** The first picture on which these rules run. */
  | Readonly<{ kind: 'rules-drawn-on'; version: number; size: PictureSize }>
  /** Some seconds of tracks as the track log keeps them. */
  | Readonly<{ kind: 'tracks'; batch: Uint8Array }>
  | Readonly<{ kind: 'leaving'; leaving: Leaving }>
  /** What it had asked the inference pool was never answered; it goes on with its next picture. */
  | Readonly<{ kind: 'lost-look' }>
  | Readonly<{
      kind: 'pulse';
      /** Why no rule can fire though pictures come. */
      picture?: 'tampered' | 'suspended';
      /** Analysed pictures a second that each rule needs, and when that was asked. */
      ruleNeeds?: RuleNeeds;
      atMs?: number;
      analysedPerSecond: number;
      mediaTimeMs: number;
      frameAgeMs?: number;
      load?: CameraLoad;
      width?: number;
      height?: number;
    }>;
