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

/** The memory of the pixels goes back with the answer, except when a thread died with it: new memory for each is garbage. */
type Returned = Readonly<{ requestId: number; pixels?: Uint8Array }>;
export type InferenceAnswer = Returned &
  (
    | Readonly<{ kind: 'detections'; detections: readonly Detection[]; tookMs: number }>
    /** A newer frame of the same camera took its place. */
    | Readonly<{ kind: 'superseded' }>
    | Readonly<{ kind: 'failed'; reason: string }>
  );

export type ThreadMessage =
  | InferenceAnswer
  | Readonly<{ kind: 'ready' }>
  | Readonly<{ kind: 'unusable'; reason: string }>;
