/** Replays a clip with one model at several analysis rates and scores each; every frame is looked at once. */
import type { Frame } from '../../edge/camera/frame.ts';
import type { Detection } from '../../edge/detector/detection.ts';
import type { Looks } from '../../edge/lookout.ts';
import { analyseClip } from '../analyse-clip.ts';
import { openAnalytics } from '../open-analytics.ts';
import { createProgress } from '../progress.ts';
import type { Recording } from '../recording.ts';
import { type Evaluation, evaluate } from './evaluate.ts';
import { createGateRecall } from './gate-recall.ts';
import type { Truth } from './truth.ts';

export type ScoredReplay = Readonly<{
  analysisFps: number;
  looks: Looks;
  recording: Recording;
  evaluation: Evaluation;
}>;

type Task = Readonly<{
  clip: string;
  truth: Truth;
  model: string;
  rates: readonly number[];
  looks: readonly Looks[];
  say: (line: string) => void;
}>;

/** Rejects with ClipError or ModelError. */
export async function* evaluateClip({
  clip,
  truth,
  model,
  rates,
  looks: ways,
  say,
}: Task): AsyncGenerator<ScoredReplay, void, void> {
  const { rules } = truth;
  const seen = new Map<number, readonly Detection[]>();
  const runs = rates.flatMap((analysisFps) => ways.map((looks) => ({ analysisFps, looks })));
  for (const { analysisFps, looks } of runs) {
    say(`${model} at ${analysisFps} frames a second, looks: ${looks}`);
    const analytics = await openAnalytics({ clip, analysisFps, rules, model });
    const detect = remembering(seen, analytics.detect);
    try {
      const progress = createProgress(say);
      const recall = createGateRecall(truth.rows);
      const onAttended = recall.attended;
      const parts = { ...analytics, detect, rules, looks, onAttended, progress };
      const { recording, ...counts } = await analyseClip(parts);
      const lookShare = counts.looks / counts.analysedFrames;
      const evaluation = { ...evaluate(recording, truth), lookShare, ...recall.share() };
      yield { analysisFps, looks, recording, evaluation };
    } finally {
      await analytics.close();
    }
  }
}

type Detect = (frame: Frame) => Promise<readonly Detection[]>;

/** A lower rate takes its frames from among those of a higher one, and the same frame gives the same detections. */
function remembering(seen: Map<number, readonly Detection[]>, detect: Detect): Detect {
  return async (frame) => {
    const known = seen.get(frame.frameNumber);
    if (known !== undefined) return known;
    const detections = await detect(frame);
    seen.set(frame.frameNumber, detections);
    return detections;
  };
}
