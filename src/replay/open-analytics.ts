/** Opens what a replay needs of the edge: the clip's frames at the analysis rate, and a detector. */
import { fileURLToPath } from 'node:url';
import { allRules, type CameraRules } from '../contract/rule.ts';
import { type ClipReading, readClip } from '../edge/camera/clip-reader.ts';
import { createLocalDetector, type LocalDetector } from '../edge/detector/local-detector.ts';
import { createMaskPainter, masksOf } from '../edge/privacy/privacy-mask.ts';

const defaultManifest = fileURLToPath(
  new URL('../../models/nanodet-416x320-int8.manifest.json', import.meta.url),
);

export type AnalyticsSettings = Readonly<{
  clip: string;
  analysisFps: number;
  rules: CameraRules;
  model?: string;
  inputFps?: number;
}>;

export type Analytics = Readonly<{
  frames: ClipReading;
  detect: LocalDetector['detect'];
  close: LocalDetector['close'];
}>;

/** Rejects with ModelError; the clip itself is not touched before its first frame is asked for. */
export async function openAnalytics(settings: AnalyticsSettings): Promise<Analytics> {
  const { clip, analysisFps, inputFps, rules, model = defaultManifest } = settings;
  const labels = new Set(['person', ...allRules(rules).flatMap((rule) => rule.labels ?? [])]);
  const { detect, close } = await createLocalDetector(model, { labels: [...labels] });
  const mask = createMaskPainter(masksOf({}, rules));
  return {
    frames: readClip({ path: clip, analysisFps, inputFps }),
    detect: (frame) => {
      mask.paint(frame);
      return detect(frame);
    },
    close,
  };
}
