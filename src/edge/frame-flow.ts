/**
 * The way of a frame through one camera's worker: does anything call for a look? ->
 * detections -> scene (tracks, persons, rules) -> events -> report, and a snapshot for each event. Whoever passes a watch
 * point is kept in a small picture: the event may come minutes later.
 */
import type { RuleEvent, SceneEvent } from '../contract/rule-event.ts';
import type { Frame } from './camera/frame.ts';
import type { Detection } from './detector/detection.ts';
import type { NotSeen } from './detector/detector.ts';
import type { Lookout } from './lookout.ts';
import type { Observation, Scene } from './scene/scene.ts';

/** `quiet`: nothing called for a look. `unseen`: a look was called for, and could not be made. */
export type FrameEnd = 'quiet' | 'seen' | 'unseen';

export type FrameFlow = Readonly<{ take: (frame: Frame) => Promise<FrameEnd> }>;

type Stages = Readonly<{
  wantsLook: Lookout['wantsLook'];
  detect: (frame: Frame) => Promise<readonly Detection[] | NotSeen>;
  observe: Scene['observe'];
  looked: Lookout['looked'];
  keepPasses: (frame: Frame, observation: Observation) => Promise<void>;
  /** Durable once it is taken; answers with what joins the snapshot to the event. */
  report: (event: SceneEvent, times: NonNullable<RuleEvent['stageTimes']>) => number;
  drawSnapshot: (
    frame: Frame,
    detections: readonly Detection[],
    event: SceneEvent,
  ) => Promise<Uint8Array>;
  attachSnapshot: (reportId: number, jpeg: Uint8Array) => void;
  now: () => number;
}>;

export function createFrameFlow(stages: Stages): FrameFlow {
  return {
    take: async (frame) => {
      if (!stages.wantsLook(frame)) return 'quiet';
      const detections = await stages.detect(frame);
      if (detections === 'superseded' || detections === 'failed') return 'unseen';
      const detectedAtMs = stages.now();

      const observation = stages.observe({
        detections,
        mediaTimeMs: frame.mediaTimeMs,
        capturedAtMs: frame.capturedAtMs,
      });
      stages.looked(observation.tracks, frame.mediaTimeMs, detections);
      await stages.keepPasses(frame, observation);

      for (const event of observation.events) {
        const reportId = stages.report(event, { detectedAtMs, firedAtMs: stages.now() });
        stages.attachSnapshot(reportId, await stages.drawSnapshot(frame, detections, event));
      }
      return 'seen';
    },
  };
}
