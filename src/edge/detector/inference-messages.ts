/** What passes between camera workers, the pool's thread, the inference threads, and the main thread. */
import type { MessagePort } from 'node:worker_threads';
import type { Detection } from './detection.ts';
import type { Placement } from './fit-to-model.ts';
import type { SessionSettings } from './inference-session.ts';
import type { ModelFacts } from './model-manifest.ts';
import type { LateCamera } from './overload.ts';

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

export type PoolStart = Readonly<{ start: ThreadStart; count: number }>;

/** Main thread -> the pool's thread. */
export type ToPool =
  | Readonly<{ kind: 'camera'; cameraId: string; port: MessagePort }>
  | Readonly<{ kind: 'stop' }>;

/** Pool -> thread. It ends after the look that it is at; nothing else may end it (`end-thread.ts`). */
export type ToThread =
  | Readonly<{ kind: 'look'; request: InferenceRequest }>
  | Readonly<{ kind: 'stop' }>;

/** How the looks of a box are doing. */
export type PoolFigures = Readonly<{
  /** Moving average of one inference; undefined before the first. */
  inferenceMs?: number;
  /** How long looks wait for their turn. */
  waitMs: number;
  isOverloaded: boolean;
  /** Cameras whose looks come late, the latest first. */
  late: readonly LateCamera[];
}>;

/** A line for the log, from a thread that has none. */
export type PoolLog = (
  level: 'info' | 'warn' | 'error',
  message: string,
  facts?: Readonly<Record<string, unknown>>,
) => void;

/** The pool's thread -> main thread. */
export type FromPool =
  | Readonly<{ kind: 'ready' }>
  | Readonly<{ kind: 'unusable'; reason: string }>
  | Readonly<{ kind: 'figures'; figures: PoolFigures }>
  /** It cannot go on in this process. */
  | Readonly<{ kind: 'stuck'; reason: string }>
  | Readonly<{ kind: 'said'; said: Parameters<PoolLog> }>;
