/** What passes between camera workers, the pool in the main thread, and the inference threads. */
import type { Detection } from './detection.ts';
import type { Placement } from './fit-to-model.ts';
import type { SessionSettings } from './inference-session.ts';
import type { ModelFacts } from './model-manifest.ts';

export type ThreadStart = Readonly<{ model: ModelFacts; settings: SessionSettings }>;

/** Camera worker -> pool -> thread. The pixels are handed over, not copied. */
export type InferenceRequest = Readonly<{
  requestId: number;
  pixels: Uint8Array;
  placement: Placement;
  /** Something is about to be decided before this camera: it goes before others. */
  isUrgent?: boolean;
}>;

export type InferenceAnswer =
  | Readonly<{
      kind: 'detections';
      requestId: number;
      detections: readonly Detection[];
      tookMs: number;
    }>
  /** A newer frame of the same camera took its place. */
  | Readonly<{ kind: 'superseded'; requestId: number }>
  | Readonly<{ kind: 'failed'; requestId: number; reason: string }>;

export type ThreadMessage =
  | InferenceAnswer
  | Readonly<{ kind: 'ready' }>
  | Readonly<{ kind: 'unusable'; reason: string }>;
